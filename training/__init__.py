"""Training, evaluation and export of the models: the one package that imports torch."""
