"""Settings: declared, read and documented.

fields    types of settings
settings  the settings of the process, and the base of a platform's own
sources   environment, `.env` and files
loading   from the sources to checked settings, with every fault at once
reasons   pydantic's errors as clauses for an operator
warnings  misspelt variables, broken lines of `.env`
docs      the settings as `.env.example` and as a table
findings  the result of a check
"""
