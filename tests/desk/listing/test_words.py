"""Numbers as people read them."""

from desk.listing.templatetags.desk import chance


def test_a_tiny_chance_is_never_told_as_nought():
    """p = 0.0000 would say that chance is excluded; no statistic says that."""
    assert chance(4e-8, "p") == "p < 0.0001" and chance(0.00452, "q") == "q = 0.0045" and chance(None, "p") == "–"
