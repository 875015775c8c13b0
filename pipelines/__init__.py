"""Every effect of the system: files, engines, clock, Dagster and the command line."""
