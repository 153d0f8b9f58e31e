"""Whether a fine-tuned model is as good as one that was trained from scratch."""
