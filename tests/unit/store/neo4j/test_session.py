"""The driver's errors as those of the house, whatever the server says; no server is needed."""

from __future__ import annotations

import pytest
from neo4j import exceptions

from graph_service.errors import Cancelled, GraphServiceError, StoreUnavailable
from graph_service.store.neo4j.session import Server, translated

URI = "neo4j://graph.intra:7687"


def said(code: str, message: str = "as the server says") -> exceptions.Neo4jError:
    """An error as the driver makes it of what the server sends."""
    return exceptions.Neo4jError._hydrate_neo4j(code=code, message=message)


@pytest.mark.parametrize(
    ("error", "told", "text"),
    [
        (said("Neo.ClientError.Security.Unauthorized"), StoreUnavailable, "refused the user name or password"),
        (
            said("Neo.ClientError.Transaction.TransactionTimedOut"),
            Cancelled,
            "the database stopped the question at its time limit",
        ),
        (said("Neo.ClientError.Transaction.TransactionTimedOutClientConfiguration"), Cancelled, "time limit"),
        (said("Neo.ClientError.Database.DatabaseNotFound", "no x"), StoreUnavailable, "has no such database: no x"),
        (
            said("Neo.ClientError.Transaction.TransactionMarkedAsFailed"),
            StoreUnavailable,
            "ended the transaction; nothing of it was written",
        ),
        (said("Neo.TransientError.General.MemoryPoolOutOfMemoryError"), StoreUnavailable, "does not answer"),
        (exceptions.ServiceUnavailable("no route"), StoreUnavailable, "cannot be reached or does not answer: no route"),
        (exceptions.SessionExpired("gone"), StoreUnavailable, "gone"),
        (ConnectionRefusedError(111, "Connection refused"), StoreUnavailable, "Connection refused"),
    ],
    ids=lambda value: getattr(value, "code", None) or type(value).__name__,
)
def test_each_is_told_as_what_it_means(error: Exception, told: type[GraphServiceError], text: str) -> None:
    with pytest.raises(told, match=text) as caught, translated(URI):
        raise error
    assert caught.value.__cause__ is error
    if told is StoreUnavailable:
        assert URI in str(caught.value)


@pytest.mark.parametrize(
    "error", [said("Neo.ClientError.Statement.SyntaxError"), ValueError("ours"), KeyboardInterrupt()], ids=repr
)
def test_mistakes_of_ours_are_not_told_as_the_servers(error: BaseException) -> None:
    with pytest.raises(type(error)) as caught, translated(URI):
        raise error
    assert caught.value is error


def test_errors_of_the_house_pass() -> None:
    with pytest.raises(Cancelled, match="called off"), translated(URI):
        raise Cancelled("called off")


def test_nobody_listening_is_told_without_the_password() -> None:
    server = Server("bolt://127.0.0.1:9", "neo4j", "s3cret-canary", "neo4j", seconds=1.0)
    try:
        with pytest.raises(StoreUnavailable, match=r"bolt://127\.0\.0\.1:9") as caught, translated(server.uri):
            server.driver.verify_connectivity()
        assert "canary" not in str(caught.value)
    finally:
        server.close()
