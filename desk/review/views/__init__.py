"""Pages of the review: today, hints, dossiers, and what is done with them."""
