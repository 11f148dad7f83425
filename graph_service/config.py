"""Settings: from the environment, or from the TOML file that ``GRAPH_CONFIG`` names; the environment wins."""

from __future__ import annotations

import os
import tomllib
from enum import StrEnum
from pathlib import Path

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from graph_service.errors import UsageError
from graph_service.model.answer import Limits


class StoreChoice(StrEnum):
    """Which store is used; chosen once at the start and told in every answer."""

    EMBEDDED = "embedded"
    NEO4J = "neo4j"


class Settings(BaseSettings):
    """Every setting, with its default; the environment variable is the upper-case name."""

    model_config = SettingsConfigDict(extra="forbid", env_ignore_empty=True)

    graph_store: StoreChoice = Field(default=StoreChoice.EMBEDDED, description="embedded or neo4j")
    graph_path: Path = Field(default=Path("graph.duckdb"), description="File of the embedded store")
    graph_ontology: tuple[Path, ...] = Field(default=(), description="Ontology files of your own, a JSON list")
    graph_rejects: Path = Field(default=Path("rejects"), description="Folder for refused rows")
    graph_host: str = Field(default="127.0.0.1", description="Address the service binds to")
    graph_port: int = Field(default=8000, ge=1, le=65_535, description="Port the service binds to")
    graph_allowed_hosts: tuple[str, ...] = Field(
        default=("localhost", "127.0.0.1", "[::1]"), description="Host headers that are answered, a JSON list"
    )
    graph_upload_megabytes: int = Field(default=512, ge=1, description="Largest file the API takes")
    graph_limit_links: int = Field(default=20_000_000, ge=1, description="Links looked at by one question")
    graph_limit_seconds: float = Field(default=10.0, gt=0, description="Seconds one question may take")
    graph_limit_questions: int = Field(default=8, ge=1, description="Questions answered at the same time")
    graph_memory_links: int = Field(default=50_000_000, ge=1, description="Link records the memory engine takes on")
    neo4j_uri: str = Field(default="neo4j://127.0.0.1:7687", description="Where Neo4j listens")
    neo4j_user: str = Field(default="neo4j", description="User of Neo4j")
    neo4j_password: SecretStr = Field(default=SecretStr(""), description="Password of that user; never shown")
    neo4j_database: str = Field(default="neo4j", description="Database in Neo4j")

    @property
    def limits(self) -> Limits:
        """The limits of one question."""
        return Limits(links=self.graph_limit_links, seconds=self.graph_limit_seconds)

    def shown(self) -> dict[str, str]:
        """Every setting by the name of its environment variable, secrets hidden."""
        return {name.upper(): _text(getattr(self, name)) for name in type(self).model_fields}


def read_settings() -> Settings:
    """The settings in force; UsageError names each that is wrong, never a secret."""
    given: dict[str, object] = {}
    file = os.environ.get("GRAPH_CONFIG")
    try:
        if file:
            given = {name.lower(): value for name, value in tomllib.loads(Path(file).read_text("utf-8")).items()}
        return Settings(**{name: value for name, value in given.items() if name.upper() not in os.environ})
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"the settings file {file} cannot be read: {error}") from error
    except ValidationError as error:
        problems = "; ".join(f"{'.'.join(map(str, one['loc'])).upper()}: {one['msg']}" for one in error.errors())
        raise UsageError(f"settings: {problems}") from None


def _text(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(str(item) for item in value)
    return str(value)
