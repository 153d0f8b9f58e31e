"""A lineage in the forms of other people's standards: pure values to values."""
