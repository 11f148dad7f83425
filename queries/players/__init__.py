"""Who matters, and what if they were gone: every question whose answer is a rank, a role or a loss."""
