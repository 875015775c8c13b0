"""Slow measurements, on demand: `make benchmark`. Figures are ratios to a baseline of the same run."""
