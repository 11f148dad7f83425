"""What the commands talk to: the service in this process, or the one that holds the embedded file, over HTTP.

Both give the same plain JSON, so that there is one way of showing it.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from graph_service.config import Settings, StoreChoice
from graph_service.errors import DataError, GraphServiceError, NotFound, StoreLocked, StoreUnavailable, UsageError

if TYPE_CHECKING:
    import httpx2

    from graph_service.service import GraphService
    from loaders.report import LoadOptions

Json = dict[str, Any]
Told = Callable[[int, int], None]
"""Told how many lines of how many are done."""
_POLL_SECONDS = 0.2
_FAMILIES: Mapping[int, type[GraphServiceError]] = {404: NotFound, 422: UsageError, 400: UsageError, 409: UsageError}


class Client(Protocol):
    """The use cases as the command line needs them."""

    def ask(self, name: str, parameters: Json, scope: Json, engine: str) -> Json:
        """The answer to a question."""
        ...

    def chart(self, name: str, parameters: Json, scope: Json, engine: str) -> str:
        """The offline page of an answer."""
        ...

    def load(self, paths: Sequence[Path], options: LoadOptions, told: Told) -> list[Json]:
        """The reports of a load."""
        ...

    def get(self, what: str) -> Json:
        """One of ``stats``, ``sources``, ``health``."""
        ...

    def withdraw(self, source: str) -> Json:
        """The receipt of a withdrawal."""
        ...

    def close(self) -> None:
        """Release what is held."""
        ...


def open_client(settings: Settings) -> Client:
    """The service in this process; where another process holds the embedded file, the service that runs there."""
    from graph_service.bootstrap import open_service

    try:
        return LocalClient(open_service(settings))
    except StoreLocked:
        url = running_service(settings)
        if url is None:
            raise
        return RemoteClient(url)


def service_file(settings: Settings) -> Path:
    """Where a running service says how it is reached: beside the embedded file."""
    return settings.graph_path.with_name(settings.graph_path.name + ".service")


def running_service(settings: Settings) -> str | None:
    """The address of the service that holds the embedded file, None when none says so or it has ended."""
    if settings.graph_store is not StoreChoice.EMBEDDED:
        return None
    try:
        told = json.loads(service_file(settings).read_text("utf-8"))
        os.kill(int(told["pid"]), 0)
        return str(told["url"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


class LocalClient:
    """The service in this process, for the local user."""

    def __init__(self, service: GraphService) -> None:
        """Takes the service over: ``close`` closes it."""
        from graph_service.model.scope import Caller

        self._service = service
        self._caller = Caller()

    def ask(self, name: str, parameters: Json, scope: Json, engine: str) -> Json:
        """See Client."""
        from graph_service.api.wire import answer_json

        return answer_json(self._answer(name, parameters, scope, engine))

    def chart(self, name: str, parameters: Json, scope: Json, engine: str) -> str:
        """See Client."""
        from viz.chart import offline_page
        from viz.scene import scene_of

        return offline_page(scene_of(self._answer(name, parameters, scope, engine), self._service.ontology))

    def load(self, paths: Sequence[Path], options: LoadOptions, told: Told) -> list[Json]:
        """See Client."""
        from graph_service.api.wire import report_json

        reports = self._service.load(paths, options, self._caller, lambda at: told(at.done, at.expected))
        return [report_json(report) for report in reports]

    def get(self, what: str) -> Json:
        """See Client."""
        from graph_service.api.wire import health_json, plain
        from graph_service.model.scope import EVERYTHING

        value: Any
        if what == "health":
            value = health_json(self._service.health())
        elif what == "stats":
            value = self._service.stats(EVERYTHING, self._caller)
        else:
            value = {"sources": self._service.sources(self._caller)}
        shown: Any = plain(value)
        return dict(shown)

    def withdraw(self, source: str) -> Json:
        """See Client."""
        from graph_service.api.wire import plain

        receipt: Any = plain(self._service.withdraw(source, self._caller))
        return dict(receipt)

    def close(self) -> None:
        """See Client."""
        self._service.close()

    def _answer(self, name: str, parameters: Json, scope: Json, engine: str) -> Any:
        from graph_service.api.scopes import scope_body

        asked = scope_body(scope).scope(self._service.ontology)
        return self._service.ask(name, parameters, asked, self._caller, engine=engine)


class RemoteClient:
    """The service that runs on this machine and holds the file."""

    def __init__(self, url: str) -> None:
        """Nothing is sent before the first use case."""
        import httpx2

        self._http = httpx2.Client(base_url=url, timeout=120.0, trust_env=False)

    def ask(self, name: str, parameters: Json, scope: Json, engine: str) -> Json:
        """See Client."""
        body = {"parameters": parameters, "scope": scope, "engine": engine}
        return self._json(self._sent("POST", f"/v1/questions/{name}", json=body))

    def chart(self, name: str, parameters: Json, scope: Json, engine: str) -> str:
        """See Client."""
        body = {"question": name, "parameters": parameters, "scope": scope, "engine": engine}
        return self._sent("POST", "/v1/charts", json=body, headers={"Accept": "text/html"}).text

    def load(self, paths: Sequence[Path], options: LoadOptions, told: Told) -> list[Json]:
        """See Client; a folder is loaded by the service only when it is stopped, for it takes files."""
        reports: list[Json] = []
        for path in paths:
            if path.is_dir():
                raise UsageError(
                    f"{path} is a folder; the running service takes files: stop it, or load them one by one"
                )
            if not path.is_file():
                raise DataError(f"{path}: no such file")
            reports += self._loaded(path, options, told)
        return reports

    def get(self, what: str) -> Json:
        """See Client."""
        return self._json(self._sent("GET", f"/v1/{what}"))

    def withdraw(self, source: str) -> Json:
        """See Client."""
        from urllib.parse import quote

        return self._json(self._sent("DELETE", f"/v1/sources/{quote(source, safe='')}"))

    def close(self) -> None:
        """See Client."""
        self._http.close()

    def _loaded(self, path: Path, options: LoadOptions, told: Told) -> list[Json]:
        fields: dict[str, Any] = {
            "format": options.format or "",
            "source": options.source_name or "",
            "grade": str(options.grade),
            "marking": sorted(options.markings),
            "check": str(options.check_only).lower(),
        }
        files: dict[str, Any] = {"file": (path.name, path.read_bytes())}
        mapping = str(options.mapping or "")
        if Path(mapping).suffix == ".toml":
            files["mapping_file"] = (Path(mapping).name, Path(mapping).read_bytes())
        else:
            fields["mapping"] = mapping
        job = self._json(self._sent("POST", "/v1/loads", data=fields, files=files))
        while job["state"] in {"waiting", "running"}:
            time.sleep(_POLL_SECONDS)
            job = self._json(self._sent("GET", f"/v1/loads/{job['id']}"))
            told(job["lines"], job["expected"])
        if job["state"] == "failed":
            raise DataError(job["error"])
        reports: list[Json] = job["reports"]
        return reports

    def _sent(self, method: str, path: str, **given: Any) -> httpx2.Response:
        import httpx2

        try:
            response = self._http.request(method, path, **given)
        except httpx2.HTTPError as error:
            raise StoreUnavailable(f"the service at {self._http.base_url} does not answer: {error}") from error
        if response.status_code >= 400:
            raise _error(response)
        return response

    @staticmethod
    def _json(response: httpx2.Response) -> Json:
        value: Json = response.json()
        return value


def _error(response: httpx2.Response) -> GraphServiceError:
    try:
        told = response.json()
        detail, kind = str(told["detail"]), str(told.get("type", ""))
    except (ValueError, KeyError, TypeError):
        detail, kind = f"the service answered {response.status_code}", ""
    if response.status_code >= 500:
        return StoreUnavailable(detail)
    family = _FAMILIES.get(response.status_code, UsageError)
    return DataError(detail) if kind.endswith(("DataError", "SourceFileError", "MappingError")) else family(detail)
