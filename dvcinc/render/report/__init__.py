"""The report of a branch's models: one HTML file, and its twin in Markdown."""
