"""A synthetic cross-border world: who lives in it, what happens in it, and what its sources say about it."""
