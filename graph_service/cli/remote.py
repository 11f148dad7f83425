"""The client of the service that runs on this machine and holds the embedded file."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

import httpx2

from graph_service.api.wire import URN, error_of
from graph_service.cli.client import Json, Told
from graph_service.errors import (
    DataError,
    GraphServiceError,
    NotFound,
    SourceFileError,
    StoreUnavailable,
    UsageError,
)
from loaders.plan import DATA_ENDINGS
from loaders.report import LoadOptions

_POLL_SECONDS = 0.1
_TIMEOUT = httpx2.Timeout(120.0, write=None)
_FAMILIES: Mapping[int, type[GraphServiceError]] = {404: NotFound, 413: DataError, 500: StoreUnavailable}
_Opened = list[tuple[str, tuple[str, Any]]]


class RemoteClient:
    """See Client for what each method gives."""

    def __init__(self, url: str) -> None:
        """Nothing is sent before the first use case."""
        self._http = httpx2.Client(base_url=url, timeout=_TIMEOUT, trust_env=False)

    def ask(self, name: str, parameters: Json, scope: Json, engine: str) -> Json:
        """The answer to a question."""
        body = {"parameters": parameters, "scope": scope, "engine": engine}
        return self._json("POST", f"/v1/questions/{quote(name, safe='')}", json=body)

    def chart(self, name: str, parameters: Json, scope: Json, engine: str) -> str:
        """The offline page of an answer."""
        body = {"question": name, "parameters": parameters, "scope": scope, "engine": engine}
        return self._sent("POST", "/v1/charts", json=body, headers={"Accept": "text/html"}).text

    def load(self, paths: Sequence[Path], options: LoadOptions, told: Told) -> list[Json]:
        """The reports of a load: each path is sent by itself, all at once when they are to be one source."""
        parts = [paths] if options.source_name is not None else [[path] for path in paths]
        for path in paths:
            if not path.exists():
                raise SourceFileError(f"{path}: there is no such file")
        return [report for part in parts for report in self._loaded(part, options, told)]

    def stats(self, scope: Json) -> Json:
        """The counts of what the scope shows."""
        words = {name: ",".join(value) if isinstance(value, list) else value for name, value in scope.items()}
        return self._json("GET", "/v1/stats", params=words)

    def sources(self) -> Json:
        """The sources, withdrawn ones included."""
        return self._json("GET", "/v1/sources")

    def withdraw(self, source: str) -> Json:
        """The receipt of a withdrawal."""
        return self._json("DELETE", f"/v1/sources/{quote(source, safe='')}")

    def ontology(self) -> Json:
        """The kinds in force."""
        return self._json("GET", "/v1/ontology")

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def _loaded(self, paths: Sequence[Path], options: LoadOptions, told: Told) -> list[Json]:
        name = options.source_name or (paths[0].resolve().name if paths[0].is_dir() else "")
        fields: dict[str, Any] = {
            "format": options.format or "",
            "encoding": options.encoding or "",
            "source": name,
            "grade": str(options.grade),
            "marking": sorted(options.markings),
            "check": str(options.check_only).lower(),
        }
        with ExitStack() as stack:
            opened: _Opened = [("file", (file.name, stack.enter_context(_opened(file)))) for file in _files(paths)]
            if options.mapping is not None and (mapping := Path(options.mapping)).suffix == ".toml":
                opened.append(("mapping_file", (mapping.name, stack.enter_context(_opened(mapping)))))
            else:
                fields["mapping"] = str(options.mapping or "")
            job = self._json("POST", "/v1/loads", data=fields, files=opened)
        while job["state"] in {"waiting", "running"}:
            time.sleep(_POLL_SECONDS)
            job = self._json("GET", f"/v1/loads/{job['id']}")
            told(job["lines"], job["expected"])
        if job["error"] is not None:
            raise error_of(job["error"])
        return cast("list[Json]", job["reports"])

    def _json(self, method: str, path: str, **given: Any) -> Json:
        return cast("Json", self._sent(method, path, **given).json())

    def _sent(self, method: str, path: str, **given: Any) -> httpx2.Response:
        try:
            response = self._http.request(method, path, **given)
        except httpx2.HTTPError as error:
            raise StoreUnavailable(f"the service at {self._http.base_url} does not answer: {error}") from error
        if response.status_code >= 400:
            raise _error(response)
        return response


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    """The files to send; of a folder its data files."""
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        found = [file for file in sorted(path.rglob("*")) if file.suffix.lower() in DATA_ENDINGS and file.is_file()]
        if not found:
            raise SourceFileError(f"{path}: no data file in this folder")
        yield from found


def _opened(path: Path) -> Any:
    try:
        return path.open("rb")
    except OSError as error:
        raise SourceFileError(f"{path}: cannot be read ({error.strerror})") from None


def _error(response: httpx2.Response) -> GraphServiceError:
    """The error that a problem document tells of; by the status alone when it names none of ours."""
    try:
        told = response.json()
        if str(told["type"]).startswith(URN) and not str(told["type"]).endswith(":InvalidRequest"):
            return error_of(told)
        detail = str(told["detail"])
    except (ValueError, KeyError, TypeError):
        detail = f"the service answered {response.status_code}"
    return _FAMILIES.get(response.status_code, StoreUnavailable if response.status_code > 500 else UsageError)(detail)
