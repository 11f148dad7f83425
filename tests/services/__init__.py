"""Real services that tests run against: a Neo4j server and a Chromium."""
