"""Measurements that anyone can repeat, with their tables in docs/benchmarks."""
