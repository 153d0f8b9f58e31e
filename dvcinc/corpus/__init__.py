"""What the training data is: values, Rasa YAML in and out, canonical form, digest."""
