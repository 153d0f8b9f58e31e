"""The model: features, labels, network, training, check-point, serving, metrics."""
