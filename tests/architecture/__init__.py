"""Tests that read the source: layers, homes, imports, budgets, docstrings."""
