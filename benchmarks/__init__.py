"""Benchmarks: each checks its answer before it times it, names its peer, and prints a ratio from one run."""
