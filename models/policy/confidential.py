"""What is not told so that nobody learns who complained: families of hints, and counts of complaints (DOMAIN.md 2.11)."""

from __future__ import annotations

CONFIDENTIAL_FAMILIES = ("clustered_complaints", "retaliation")
"""A merchant, a visit or a count of one beside such a hint would tell who complained: none is shown."""

SMALL_CELL = 5
"""Counts of complaints below this single out who complained."""
