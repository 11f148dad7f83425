"""The embedded store: one DuckDB file, or memory."""
