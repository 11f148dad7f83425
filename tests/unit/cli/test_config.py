"""Settings: from where they come, what is refused, and what is never shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph_service.config import Settings, StoreChoice, read_settings, shown
from graph_service.errors import UsageError

SECRET = "s3cret-canary"


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*Settings.model_fields, "graph_config"):
        monkeypatch.delenv(name.upper(), raising=False)


def told(settings: Settings) -> dict[str, tuple[str, str]]:
    return {one.name: (one.value, one.origin) for one in shown(settings)}


def test_the_defaults_keep_to_this_machine() -> None:
    settings = read_settings()
    assert settings.graph_store is StoreChoice.EMBEDDED
    assert (settings.graph_host, settings.graph_allowed_hosts) == ("127.0.0.1", ("localhost", "127.0.0.1", "[::1]"))
    assert {origin for _, origin in told(settings).values()} == {"default"}


def test_the_environment_sets_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRAPH_STORE", "neo4j")
    monkeypatch.setenv("GRAPH_ONTOLOGY", "a.toml, b.toml")
    monkeypatch.setenv("GRAPH_ALLOWED_HOSTS", "graph.intra")
    monkeypatch.setenv("GRAPH_LIMIT_SECONDS", "2.5")
    monkeypatch.setenv("GRAPH_PORT", "")
    settings = read_settings()
    assert settings.graph_ontology == (Path("a.toml"), Path("b.toml"))
    assert settings.limits.seconds == 2.5
    assert told(settings)["GRAPH_STORE"] == ("neo4j", "environment")
    assert told(settings)["GRAPH_ALLOWED_HOSTS"] == ("graph.intra", "environment")
    assert told(settings)["GRAPH_PORT"] == ("8000", "default")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("graph.toml", 'graph_store = "neo4j"\nGRAPH_PORT = 81\ngraph_ontology = ["a.toml"]\n'),
        ("graph.env", "GRAPH_STORE=neo4j\n# a comment\nexport GRAPH_PORT=81\nGRAPH_ONTOLOGY=a.toml\n"),
    ],
)
def test_a_file_sets_and_the_environment_wins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, text: str
) -> None:
    file = tmp_path / name
    file.write_text(text)
    monkeypatch.setenv("GRAPH_CONFIG", str(file))
    assert told(read_settings())["GRAPH_PORT"] == ("81", str(file))
    monkeypatch.setenv("GRAPH_PORT", "82")
    settings = read_settings()
    assert (settings.graph_store, settings.graph_port) == (StoreChoice.NEO4J, 82)
    assert settings.graph_ontology == (Path("a.toml"),)
    assert told(settings)["GRAPH_PORT"] == ("82", "environment")


def test_a_secret_is_held_but_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(read_settings())["NEO4J_PASSWORD"] == ("(not set)", "default")
    monkeypatch.setenv("NEO4J_PASSWORD", SECRET)
    settings = read_settings()
    assert settings.neo4j_password.get_secret_value() == SECRET
    assert told(settings)["NEO4J_PASSWORD"] == ("(set, hidden)", "environment")
    assert SECRET not in f"{settings!r} {settings} {shown(settings)}"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GRAPH_STORE", "oracle"),
        ("GRAPH_PORT", "70000"),
        ("GRAPH_LIMIT_SECONDS", "0"),
        ("GRAPH_LIMIT_LINKS", "many"),
        ("NEO4J_URI", f"neo4j://user:{SECRET}@host"),
        ("NEO4J_URI", "http://host:7474"),
        ("NEO4J_URI", "host:7687"),
        ("NEO4J_URI", "neo4j://"),
    ],
)
def test_a_wrong_setting_is_named_without_its_value(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(UsageError, match=name) as caught:
        read_settings()
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('graph_stor = "neo4j"', "did you mean GRAPH_STORE"),
        ("graph_store = ", "cannot be read"),
        ("graph_port = 'x'", "GRAPH_PORT"),
    ],
)
def test_a_wrong_file_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, says: str) -> None:
    file = tmp_path / "graph.toml"
    file.write_text(text)
    monkeypatch.setenv("GRAPH_CONFIG", str(file))
    with pytest.raises(UsageError, match=says):
        read_settings()


def test_a_file_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRAPH_CONFIG", "/nowhere/graph.env")
    with pytest.raises(UsageError, match="cannot be read"):
        read_settings()
