"""Template tags of management."""
