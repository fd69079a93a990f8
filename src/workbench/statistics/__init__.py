"""Statistics of measurements: pure functions of numbers, each with its published source."""
