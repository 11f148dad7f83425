"""Stores: the protocol, the embedded one (DuckDB) and Neo4j."""
