"""Serving: the API on a port, with a note beside the embedded file that says where."""

from __future__ import annotations

import json
import os
import threading

import uvicorn

from graph_service.api.app import create_app
from graph_service.bootstrap import open_service
from graph_service.cli.client import service_file
from graph_service.cli.show import say
from graph_service.config import Settings, StoreChoice
from graph_service.network.warm import warm_up

_SHUTDOWN_SECONDS = 10


def serve(settings: Settings) -> None:
    """Serve until interrupted; the search loops are compiled meanwhile."""
    service = open_service(settings)
    url = f"http://{settings.graph_host}:{settings.graph_port}"
    note = service_file(settings) if settings.graph_store is StoreChoice.EMBEDDED else None
    server = uvicorn.Server(
        uvicorn.Config(
            create_app(service, settings),
            host=settings.graph_host,
            port=settings.graph_port,
            log_level="warning",
            server_header=False,
            timeout_graceful_shutdown=_SHUTDOWN_SECONDS,
        )
    )
    threading.Thread(target=warm_up, name="warm-up", daemon=True).start()
    if note is not None:
        note.write_text(json.dumps({"url": url, "pid": os.getpid()}), encoding="utf-8")
    say(f"serving {service.health().store.detail or service.store.name} at {url} (Ctrl-C ends it)")
    try:
        server.run()
    finally:
        if note is not None:
            note.unlink(missing_ok=True)
