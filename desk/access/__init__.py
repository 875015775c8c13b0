"""Who may see what: one table of rules, denied by default."""
