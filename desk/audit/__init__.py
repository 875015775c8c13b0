"""The log of who did and saw what: append-only, each entry chained to the one before."""
