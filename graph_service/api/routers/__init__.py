"""One router a group of routes."""
