"""Who belongs together: every question whose answer is a set of groups."""
