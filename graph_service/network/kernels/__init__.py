"""Compiled loops over a view's arrays, each bounded by a budget."""
