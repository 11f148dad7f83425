"""How A reaches B: every question whose answer is a way through the graph."""
