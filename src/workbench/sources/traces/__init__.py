"""What every source of traces shares: spans of any spelling, whole traces of them, numbers, and flows."""
