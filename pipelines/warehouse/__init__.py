"""The warehouse: SQL texts, the tables they make, and the one connection that writes them."""
