"""The HTTP API: translation only."""
