"""The only writers of actions, their updates, evidence and releases."""
