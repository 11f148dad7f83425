"""The Neo4j store: the system of record that a team shares."""
