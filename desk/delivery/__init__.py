"""What the desk delivers to the next night: one folder, one writer, one file for each kind of decision."""
