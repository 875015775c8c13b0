"""Families of hints that rest on complaints: no record, contact or count of theirs is shown (source protection)."""

from __future__ import annotations

CONFIDENTIAL_FAMILIES = ("clustered_complaints", "retaliation")
"""A merchant, a visit or a count of one beside such a hint would tell who complained (DOMAIN.md 2.11)."""
