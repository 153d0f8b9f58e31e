"""Changes, policy and base to a mode: the only place that judges."""
