"""Lists that management signs."""
