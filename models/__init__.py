"""What judges: pure functions and models, frames in and frames out. No files, no engines, no clock."""
