"""Reading the published night, and nothing else: Parquet files that no longer change."""
