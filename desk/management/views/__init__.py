"""Pages of management: rotation and what is decided about it, units, coverage."""
