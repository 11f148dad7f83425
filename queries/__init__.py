"""Questions: each a value with one answer an engine."""
