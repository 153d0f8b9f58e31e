"""What `dvc.yaml` runs: read files, call, write files."""
