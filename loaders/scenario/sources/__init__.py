"""What each source knows of the world, in its own columns; none knows all of it."""
