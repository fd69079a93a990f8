"""Benchmarks: what they resolve to, their measurements, and the verdicts."""
