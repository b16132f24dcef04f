"""One module a platform: each speaks its platform's own idiom and nothing else."""
