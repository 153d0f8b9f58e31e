"""Chooses the base and says what has to run: base, delta, tables, mode and reasons."""
