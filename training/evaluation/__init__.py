"""Measures of a model: the classifier, the metrics, the comparison of runs, the model card."""
