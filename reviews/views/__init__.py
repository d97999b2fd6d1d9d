"""Pages that set a challenge up and tell of the visit."""
