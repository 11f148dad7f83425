"""Tests against real services: a Neo4j server, a browser, the loopback interface."""
