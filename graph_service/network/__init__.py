"""The graph in memory: arrays, and views of it under one scope."""
