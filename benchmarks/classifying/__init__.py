"""What `benchmarks/classify.py` is made of: repositories, processes, figures."""
