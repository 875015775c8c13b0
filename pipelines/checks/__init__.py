"""Great Expectations in the night: what a table promises, checked where it lies, before anything reads it."""
