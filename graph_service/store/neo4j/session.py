"""Talking to the server: one place for time-outs, routing and the translation of driver errors."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import LiteralString, TypeVar

import neo4j
from neo4j import exceptions

from graph_service.errors import Cancelled, StoreUnavailable

T = TypeVar("T")
_TIMED_OUT = ("TransactionTimedOut", "TransactionTimedOutClientConfiguration")


@contextmanager
def translated(uri: str) -> Iterator[None]:
    """Driver errors as errors of the house; the password is in none of them."""
    try:
        yield
    except exceptions.AuthError as error:
        raise StoreUnavailable(f"Neo4j at {uri} refused the user name or password") from error
    except exceptions.ClientError as error:
        if any(name in (error.code or "") for name in _TIMED_OUT):
            raise Cancelled("the database stopped the question at its time limit") from error
        if "DatabaseNotFound" in (error.code or ""):
            raise StoreUnavailable(f"Neo4j at {uri} has no such database: {error.message}") from error
        if (error.code or "").startswith("Neo.ClientError.Transaction"):
            raise StoreUnavailable(f"Neo4j at {uri} ended the transaction; nothing of it was written") from error
        raise
    except (exceptions.DriverError, exceptions.TransientError, OSError) as error:
        raise StoreUnavailable(f"Neo4j at {uri} cannot be reached or does not answer: {error}") from error


class Server:
    """A driver bound to one database, with time limits on every transaction."""

    def __init__(self, uri: str, user: str, password: str, database: str, *, seconds: float) -> None:
        """Connects at the first use; ``seconds`` bounds a write or an unbounded read."""
        self.uri = uri
        self._database = database
        self._seconds = seconds
        with translated(uri):
            self.driver = neo4j.GraphDatabase.driver(
                uri,
                auth=(user, password),
                notifications_min_severity="OFF",
                connection_timeout=10.0,
                max_transaction_retry_time=15.0,
                connection_acquisition_timeout=20.0,
            )

    def session(self, *, reading: bool = False) -> neo4j.Session:
        """A session on the database; whoever asks for it closes it."""
        mode = neo4j.READ_ACCESS if reading else neo4j.WRITE_ACCESS
        return self.driver.session(database=self._database, default_access_mode=mode, fetch_size=10_000)

    def read(self, work: Callable[[neo4j.ManagedTransaction], T], seconds: float | None = None) -> T:
        """The result of a read transaction, retried by the driver on transient errors."""
        timed = neo4j.unit_of_work(timeout=seconds or self._seconds)(work)
        with translated(self.uri), self.session(reading=True) as session:
            return session.execute_read(timed)

    def write(self, work: Callable[[neo4j.ManagedTransaction], T]) -> T:
        """The result of a write transaction.

        Raises neo4j's IncompleteCommit when it is not known whether it was written.
        """
        timed = neo4j.unit_of_work(timeout=self._seconds)(work)
        with self.session() as session:
            return session.execute_write(timed)

    def rows(
        self, text: LiteralString, parameters: Mapping[str, object], seconds: float | None = None
    ) -> list[dict[str, object]]:
        """The rows of a reading statement."""
        return self.read(lambda tx: tx.run(text, dict(parameters)).data(), seconds)

    def close(self) -> None:
        """Close the driver."""
        self.driver.close()
