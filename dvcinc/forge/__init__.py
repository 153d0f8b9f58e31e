"""The forge's side of a pull request: where we run, what to compare, how to post."""
