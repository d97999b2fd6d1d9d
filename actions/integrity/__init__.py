"""Whether ratings can be trusted: rules over facts, each explained, with what triggered it."""
