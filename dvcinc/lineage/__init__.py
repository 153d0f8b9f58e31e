"""Where models come from: the record that is committed beside each of them."""
