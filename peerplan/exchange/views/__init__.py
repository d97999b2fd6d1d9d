"""Pages that bring plans in and send them out."""
