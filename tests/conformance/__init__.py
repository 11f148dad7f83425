"""One suite, every engine, both stores: cases as data."""
