"""Where a corpus is read from: a Git revision, the index, the work tree, a directory."""
