"""Charts: a scene as a pure value, its layout, and the offline page that shows it."""
