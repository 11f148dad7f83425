"""The tests of graph-service: unit, conformance, integration, end to end and architecture."""
