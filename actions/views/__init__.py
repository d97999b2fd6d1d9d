"""Pages of the plan, its actions and their updates."""
