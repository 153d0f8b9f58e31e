"""Values to text: pure functions that print nothing."""
