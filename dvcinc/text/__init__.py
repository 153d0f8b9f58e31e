"""Tokens and n-grams in pure Python, shared by the decision and the model."""
