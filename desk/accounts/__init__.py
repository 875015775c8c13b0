"""People who may sign in: role, area, password, second factor."""
