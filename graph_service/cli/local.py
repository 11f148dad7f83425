"""The client that is the service itself, in this process, for the local user."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import cast

from graph_service.api.scopes import scope_body
from graph_service.api.wire import answer_json, ontology_json, plain, report_json
from graph_service.cli.client import Json, Told
from graph_service.model.answer import Answer
from graph_service.model.scope import Caller
from graph_service.service import GraphService
from loaders.report import LoadOptions


class LocalClient:
    """See Client for what each method gives."""

    def __init__(self, service: GraphService) -> None:
        """Takes the service over: ``close`` closes it."""
        self._service = service
        self._caller = Caller()

    def ask(self, name: str, parameters: Json, scope: Json, engine: str) -> Json:
        """The answer to a question."""
        return answer_json(self._answer(name, parameters, scope, engine))

    def chart(self, name: str, parameters: Json, scope: Json, engine: str) -> str:
        """The offline page of an answer."""
        from viz.chart import offline_page
        from viz.figures import PLOTTED, plot_of
        from viz.scene import scene_of

        answer = self._answer(name, parameters, scope, engine)
        plot = plot_of(answer_json(answer)) if name in PLOTTED else ""
        return offline_page(scene_of(answer, self._service.ontology), plot)

    def load(self, paths: Sequence[Path], options: LoadOptions, told: Told) -> list[Json]:
        """The reports of a load."""
        reports = self._service.load(paths, options, self._caller, lambda at: told(at.done, at.expected))
        return [report_json(report) for report in reports]

    def stats(self, scope: Json) -> Json:
        """The counts of what the scope shows."""
        asked = scope_body(scope).scope(self._service.ontology)
        return cast("Json", plain(self._service.stats(asked, self._caller)))

    def sources(self) -> Json:
        """The sources, withdrawn ones included."""
        return {"sources": plain(self._service.sources(self._caller))}

    def withdraw(self, source: str) -> Json:
        """The receipt of a withdrawal."""
        return cast("Json", plain(self._service.withdraw(source, self._caller)))

    def ontology(self) -> Json:
        """The kinds in force."""
        return ontology_json(self._service.ontology)

    def close(self) -> None:
        """Close the service."""
        self._service.close()

    def _answer(self, name: str, parameters: Json, scope: Json, engine: str) -> Answer[object]:
        asked = scope_body(scope).scope(self._service.ontology)
        return self._service.ask(name, parameters, asked, self._caller, engine=engine)
