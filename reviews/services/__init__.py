"""The only writers of what the peers said: each names its author, all or nothing."""
