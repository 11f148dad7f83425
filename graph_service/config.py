"""Settings: from the environment, or from the file that ``GRAPH_CONFIG`` names; the environment wins."""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, DotEnvSettingsSource, NoDecode, SettingsConfigDict

from graph_service.errors import UsageError
from graph_service.model.answer import Limits

IN_MEMORY = ":memory:"
"""The path of an embedded store that is kept in memory and gone with the process."""
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
_SCHEMES = ("neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc")


class StoreChoice(StrEnum):
    """Which store is used; chosen once at the start and told in every answer."""

    EMBEDDED = "embedded"
    NEO4J = "neo4j"


def _parted(value: object) -> object:
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


Paths = Annotated[tuple[Path, ...], NoDecode, BeforeValidator(_parted)]
Names = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_parted)]


class Settings(BaseSettings):
    """Every setting, with its default; the environment variable is the upper-case name."""

    model_config = SettingsConfigDict(extra="forbid", env_ignore_empty=True, hide_input_in_errors=True)

    graph_store: StoreChoice = Field(default=StoreChoice.EMBEDDED, description="embedded or neo4j")
    graph_path: Path = Field(
        default=Path("graph.duckdb"), description="File of the embedded store, or :memory: for none"
    )
    graph_ontology: Paths = Field(default=(), description="Ontology files of your own, parted by commas")
    graph_audit_file: Path | None = Field(default=None, description="File that audit lines (JSON) are appended to")
    graph_rejects: Path = Field(default=Path("rejects"), description="Folder for refused rows")
    graph_host: str = Field(default="127.0.0.1", description="Address the service binds to")
    graph_port: int = Field(default=8000, ge=0, le=65_535, description="Port the service binds to; 0 for any free one")
    graph_allowed_hosts: Names = Field(
        default=LOOPBACK, description="Names the service answers to (Host header), parted by commas"
    )
    graph_upload_megabytes: int = Field(default=512, ge=1, description="Largest upload the service takes")
    graph_limit_links: int = Field(default=1_000_000_000, ge=1, description="Links looked at by one question")
    graph_limit_seconds: float = Field(default=10.0, gt=0, le=3_600, description="Seconds one question may take")
    graph_limit_questions: int = Field(default=16, ge=1, le=256, description="Questions answered at the same time")
    graph_memory_links: int = Field(default=50_000_000, ge=1, description="Link records the memory engine takes on")
    graph_networkx_links: int = Field(default=2_000_000, ge=1, description="Links the networkx engine takes on")
    neo4j_uri: str = Field(default="neo4j://127.0.0.1:7687", description="Where Neo4j listens")
    neo4j_user: str = Field(default="neo4j", description="User of Neo4j")
    neo4j_password: SecretStr = Field(default=SecretStr(""), description="Password of that user; never shown")
    neo4j_database: str = Field(default="neo4j", description="Database in Neo4j")

    @field_validator("neo4j_uri")
    @classmethod
    def _plain_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if "@" in parts.netloc:
            raise ValueError("user and password do not belong in it; set NEO4J_USER and NEO4J_PASSWORD")
        if parts.scheme not in _SCHEMES or not parts.hostname:
            raise ValueError(f"not an address such as neo4j://HOST:7687 ({', '.join(_SCHEMES)})")
        return value

    @property
    def limits(self) -> Limits:
        """The limits of one question."""
        return Limits(links=self.graph_limit_links, seconds=self.graph_limit_seconds)


@dataclass(frozen=True, slots=True)
class Shown:
    """A setting as it may be shown: its value (secrets hidden), where it comes from, and what it is for."""

    name: str
    value: str
    origin: str
    description: str


def read_settings() -> Settings:
    """The settings in force; UsageError names each that is wrong, never its value."""
    given = _from_file(os.environ.get("GRAPH_CONFIG", ""))
    try:
        return Settings(**{name: value for name, value in given.items() if not os.environ.get(name.upper())})
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join(map(str, one['loc'])).upper()}: {one['msg'].removeprefix('Value error, ')}"
            for one in error.errors()
        )
        raise UsageError(f"settings: {problems}") from None


def shown(settings: Settings) -> tuple[Shown, ...]:
    """Every setting in force, by the name of its environment variable."""
    return tuple(
        Shown(name.upper(), _text(getattr(settings, name)), _origin(settings, name), field.description or "")
        for name, field in Settings.model_fields.items()
    )


def _origin(settings: Settings, name: str) -> str:
    if name not in settings.model_fields_set:
        return "default"
    return "environment" if os.environ.get(name.upper()) else os.environ.get("GRAPH_CONFIG", "")


def _from_file(file: str) -> Mapping[str, Any]:
    """The settings of a TOML file, or of a file of NAME=value lines; names in small or capital letters."""
    if not file:
        return {}
    path = Path(file)
    try:
        text = path.read_text(encoding="utf-8")
        toml = path.suffix == ".toml"
        read = tomllib.loads(text) if toml else dict(DotEnvSettingsSource(Settings, env_file=path).env_vars)
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"the settings file {file} cannot be read: {error}") from None
    found = {name.lower(): value for name, value in read.items()}
    for name in found.keys() - Settings.model_fields.keys():
        near = difflib.get_close_matches(name, Settings.model_fields, n=1)
        hint = f"; did you mean {near[0].upper()}?" if near else ""
        raise UsageError(f"{file}: there is no setting {name.upper()}{hint}")
    return found


def _text(value: object) -> str:
    if isinstance(value, SecretStr):
        return "(set, hidden)" if value.get_secret_value() else "(not set)"
    if value is None:
        return "(not set)"
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
