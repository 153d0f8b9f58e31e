"""Where a corpus is read from: a revision, the index, the work tree, a directory."""
