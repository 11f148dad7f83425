"""Loaders: files in, records out, every refused row kept with its reason."""
