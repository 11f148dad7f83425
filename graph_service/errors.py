"""Every error the service raises on purpose, as one tree.

::

    GraphServiceError
    ├── DataError                 the material is at fault (exit code 1)
    │   ├── OntologyError         an ontology file does not hold together
    │   │   └── UnknownKind       a kind the ontology does not know
    │   ├── InvalidValue          a value that its type refuses
    │   ├── MappingError          a mapping file does not fit the ontology or the columns
    │   ├── SourceFileError       missing, empty, wrongly encoded or wrongly formatted file
    │   └── RefusedLinks          a batch with links that cannot stand; nothing was written
    │       ├── DanglingLinks     their ends exist nowhere
    │       └── ContradictedLinks another record says the link of another kind or between other entities
    ├── UsageError                the question is at fault (exit code 2)
    │   ├── InvalidParameter      a parameter out of range or of the wrong type
    │   ├── InvalidScope          a scope that says nothing sensible
    │   ├── UnknownQuestion       no question of that name
    │   └── EngineCannot          the chosen engine does not answer this question under this scope
    ├── NotFound                  what was named is not there, or not for this person: the two look alike
    │   ├── EntityNotFound
    │   └── SourceNotFound
    ├── Cancelled                 the asker went away
    └── StoreError                the store is at fault (exit code 3)
        ├── StoreUnavailable      it cannot be reached, or does not answer in time
        ├── StoreLocked           another process holds the embedded file
        └── IncompatibleStore     reached, but of a version that is not supported

No error here knows of HTTP, of a driver or of a database; the API maps the tree to status codes in
one table and the command line to exit codes in another.
"""

from __future__ import annotations

from collections.abc import Sequence


class GraphServiceError(Exception):
    """The root: whatever is caught as this was foreseen, and its text may be shown to the asker."""


class DataError(GraphServiceError):
    """The material is at fault."""


class OntologyError(DataError):
    """An ontology file does not hold together; the text lists every problem with its place."""


class UnknownKind(OntologyError):
    """A kind of entity or link that the ontology does not know."""


class InvalidValue(DataError):
    """A value that its type refuses; the text is the reason, in a loader's words."""


class MappingError(DataError):
    """A mapping that fits neither the ontology nor the file; found before a row is read."""


class SourceFileError(DataError):
    """A file that is missing, empty, wrongly encoded or of another format; nothing was written."""


class RefusedLinks(DataError):
    """A batch held links that cannot stand; nothing of the batch was written.

    ``rows`` are the positions of those links in the batch's link table, so that a loader can set
    them aside and put the rest.
    """

    def __init__(self, text: str, rows: Sequence[int]) -> None:
        super().__init__(text)
        self.rows = tuple(rows)


class DanglingLinks(RefusedLinks):
    """Links whose ends are in no record."""

    def __init__(self, rows: Sequence[int]) -> None:
        super().__init__(f"{len(rows)} link(s) name an entity that no record describes", rows)


class ContradictedLinks(RefusedLinks):
    """Links of which a record that was not withdrawn, or one before them in the batch, says another kind or other ends.

    A link is one relationship: its id names its kind and its two ends for as long as anybody says so.
    """

    def __init__(self, rows: Sequence[int]) -> None:
        super().__init__(
            f"{len(rows)} link(s) have another kind or join other entities than their id said before", rows
        )


class UsageError(GraphServiceError):
    """The question is at fault."""


class InvalidParameter(UsageError):
    """A parameter out of its range or of the wrong type."""


class InvalidScope(UsageError):
    """A scope that says nothing sensible, such as a window that ends before it starts."""


class UnknownQuestion(UsageError):
    """No question of that name; the text names the nearest ones."""


class EngineCannot(UsageError):
    """The chosen engine does not answer this question, or not under this scope."""


class NotFound(GraphServiceError):
    """Not there, or hidden from this person: on purpose the two cannot be told apart."""


class EntityNotFound(NotFound):
    """No such entity in the scope asked."""

    def __init__(self, entity_id: str) -> None:
        super().__init__(f"no entity {entity_id!r} in this scope")
        self.entity_id = entity_id


class SourceNotFound(NotFound):
    """No such source for this person."""

    def __init__(self, source_id: str) -> None:
        super().__init__(f"no source {source_id!r}")
        self.source_id = source_id


class Cancelled(GraphServiceError):
    """The asker went away; the work was stopped."""


class StoreError(GraphServiceError):
    """The store is at fault."""


class StoreUnavailable(StoreError):
    """The store cannot be reached or does not answer in time; never answered from another store."""


class StoreLocked(StoreError):
    """Another process holds the embedded file."""


class IncompatibleStore(StoreError):
    """The store was reached, but its version or schema is not supported."""
