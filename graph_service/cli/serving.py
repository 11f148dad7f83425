"""Serving: the API on a port, with a note beside the embedded file that says where, until interrupted."""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import NoReturn

import uvicorn

from graph_service.api.app import create_app
from graph_service.api.logs import log_to_stderr
from graph_service.bootstrap import open_service
from graph_service.cli.note import leave_note, note_of
from graph_service.cli.show import complain, say
from graph_service.config import Settings
from graph_service.errors import GraphServiceError, UsageError
from graph_service.model.scope import EVERYTHING, Caller
from graph_service.network.warm import warm_up
from graph_service.service import GraphService

_SHUTDOWN_SECONDS = 5
_ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  # recognised, not bound to


class _Server(uvicorn.Server):
    """Tells when it can be asked."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then tell."""
        await super().startup(sockets)
        if self.started:
            self._ready()


def serve(settings: Settings) -> None:
    """Serve until interrupted; the search loops are compiled and the graph is read in meanwhile.

    Raises UsageError when the port is taken, StoreError when the store cannot be opened.
    """
    signal.signal(signal.SIGTERM, _end)
    note = note_of(settings)
    with _bound(settings) as listening:
        url = _url(settings, listening)
        service = open_service(settings)

        def ready() -> None:
            if note is not None:
                leave_note(note, url)
            say(f"serving {service.health().store.detail} at {url} (Ctrl-C ends it)")
            threading.Thread(target=_get_ready, args=(service,), name="warm-up", daemon=True).start()

        try:
            _warn(settings)
            log_to_stderr()
            _Server(_config(settings, service), ready).run(sockets=[listening])
        except KeyboardInterrupt:
            pass
        finally:
            if note is not None:
                note.unlink(missing_ok=True)
            service.close()


def _config(settings: Settings, service: GraphService) -> uvicorn.Config:
    absolute = settings.model_copy(update={"graph_rejects": settings.graph_rejects.resolve()})
    return uvicorn.Config(
        create_app(service, absolute),
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_SHUTDOWN_SECONDS,
    )


def _bound(settings: Settings) -> socket.socket:
    """A socket on the address and port, before anything else is done.

    It names its protocol, for only then asyncio sends small answers at once instead of 40 ms later.
    """
    family = socket.AF_INET6 if ":" in settings.graph_host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.graph_host, settings.graph_port))
    except OSError as error:
        listening.close()
        where = f"{settings.graph_host}:{settings.graph_port}"
        raise UsageError(f"cannot serve at {where}: {error.strerror or error}; choose another with --port") from None
    return listening


def _url(settings: Settings, listening: socket.socket) -> str:
    host = _ANYWHERE.get(settings.graph_host, settings.graph_host)
    return f"http://{f'[{host}]' if ':' in host else host}:{listening.getsockname()[1]}"


def _warn(settings: Settings) -> None:
    if settings.graph_host not in {"127.0.0.1", "::1", "localhost"}:
        complain(f"there is no log-in: whoever reaches {settings.graph_host} can read and load everything")


def _get_ready(service: GraphService) -> None:
    """Compile the loops, read the graph in and index its words, so that the first question does not wait."""
    warm_up()
    with suppress(GraphServiceError):  # told to whoever asks
        _ = service.view(EVERYTHING, Caller()).network.text_index


def _end(*_: object) -> NoReturn:
    raise SystemExit(0)
