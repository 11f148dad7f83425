"""A link-analysis graph service: files in, one graph, questions answered with their evidence.

The package imports nothing here, so that importing one module never loads the others.
"""

__version__ = "0.1.0"
