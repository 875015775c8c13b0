"""The rotation plan held to its design: random bureaus, a checker and a planner by hand, all written apart from the solver."""
