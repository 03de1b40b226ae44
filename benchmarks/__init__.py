"""Measurements of the whole system, rerunnable, with their tables in docs/benchmarks."""
