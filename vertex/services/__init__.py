"""What the studio can do: the only place that decides and commits."""
