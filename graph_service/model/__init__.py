"""The vocabulary of the service: the ontology, value types, records and the values that cross every boundary."""
