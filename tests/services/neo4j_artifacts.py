"""The jars of Neo4j Community and of open Graph Data Science, fetched once by Maven and kept between runs.

Two projects with nothing but dependencies are written and resolved. The server's entry point is in one artifact and its
modules in another; the plugin's jars are kept apart, for a server is started with or without them.
"""

import fcntl
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.services.missing import ServiceMissingError

NEO4J_VERSION = "5.26.30"
GDS_VERSION = "2.13.9"
_FETCH_SECONDS = 900

_SERVER = (f"org.neo4j:neo4j:{NEO4J_VERSION}", f"org.neo4j.app:neo4j-server:{NEO4J_VERSION}")
_PLUGIN = (f"org.neo4j.gds:proc:{GDS_VERSION}", f"org.neo4j.gds:opengds-extension:{GDS_VERSION}")


@dataclass(frozen=True, slots=True)
class Artifacts:
    """Two folders of jars: the server's and the Graph Data Science plugin's."""

    server: Path
    plugin: Path


def neo4j_artifacts() -> Artifacts:
    """The folders with all jars, fetched when they are not in the cache yet (about 155 MB, under a minute).

    Safe to call from several test runs at once: the first one fetches, the others wait. Raises ServiceMissingError when
    the jars are not there and Maven is not installed, or cannot fetch them.
    """
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "graph-service-tests"
    found = Artifacts(server=base / f"neo4j-{NEO4J_VERSION}", plugin=base / f"gds-{GDS_VERSION}")
    base.mkdir(parents=True, exist_ok=True)
    with _locked(base / "lock"):
        _fetch(found.server, _SERVER)
        _fetch(found.plugin, _PLUGIN)
    return found


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _fetch(folder: Path, coordinates: tuple[str, ...]) -> None:
    """Fill the folder with the artifacts and all they need; one that exists is complete, as it gets its name last."""
    if folder.is_dir():
        return
    maven = shutil.which("mvn")
    if maven is None:
        raise ServiceMissingError(
            f"Maven (mvn) is not installed, and it is needed once, to fetch {', '.join(coordinates)}"
        )
    with tempfile.TemporaryDirectory(dir=folder.parent) as work:
        jars = Path(work) / "jars"
        (Path(work) / "pom.xml").write_text(_pom(coordinates), encoding="utf-8")
        command = [
            maven,
            "-q",
            "-B",
            "dependency:copy-dependencies",
            "-DincludeScope=runtime",
            f"-DoutputDirectory={jars}",
        ]
        try:
            subprocess.run(
                command,
                cwd=work,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=_FETCH_SECONDS,
                check=True,
            )
        except subprocess.CalledProcessError as failure:
            lines = "\n".join((failure.stdout + failure.stderr).strip().splitlines()[-15:])
            raise ServiceMissingError(f"Maven cannot fetch {', '.join(coordinates)}:\n{lines}") from failure
        except subprocess.TimeoutExpired as failure:
            raise ServiceMissingError(
                f"Maven did not fetch {', '.join(coordinates)} in {_FETCH_SECONDS} s"
            ) from failure
        jars.rename(folder)


def _pom(coordinates: tuple[str, ...]) -> str:
    """A Maven project that does nothing but depend on the artifacts, each ``group:artifact:version``."""
    dependencies = "".join(
        "<dependency><groupId>{}</groupId><artifactId>{}</artifactId><version>{}</version></dependency>".format(
            *each.split(":")
        )
        for each in coordinates
    )
    return (
        '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>'
        "<groupId>graph-service</groupId><artifactId>test-services</artifactId><version>1</version><packaging>pom</packaging>"
        f"<dependencies>{dependencies}</dependencies></project>\n"
    )
