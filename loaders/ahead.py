"""Works ahead: the next chunk is read and checked while the store writes the last one."""

from __future__ import annotations

import queue
import threading
from collections.abc import Generator, Iterable
from typing import TypeVar, cast

T = TypeVar("T")

_WAIT = 0.1
"""Seconds after which a worker that cannot hand over looks whether it is still wanted."""


def ahead(items: Iterable[T]) -> Generator[T, None, None]:
    """The same items in the same order, each made by another thread while the one before is used.

    At most one finished item waits, so memory stays bounded. An error of the maker is raised here, in its place; when
    the user stops early, the maker stops before its next item.
    """
    handed: queue.Queue[tuple[T | None, BaseException | None, bool]] = queue.Queue(maxsize=1)
    stopped = threading.Event()

    def hand_over(item: T | None, error: BaseException | None, *, last: bool) -> bool:
        while not stopped.is_set():
            try:
                handed.put((item, error, last), timeout=_WAIT)
            except queue.Full:
                continue
            return True
        return False

    def make() -> None:
        try:
            for item in items:
                if not hand_over(item, None, last=False):
                    return
        except BaseException as error:  # noqa: BLE001 - whatever it is, it is raised again where the items are used
            hand_over(None, error, last=True)
        else:
            hand_over(None, None, last=True)

    worker = threading.Thread(target=make, name="load-ahead", daemon=True)
    worker.start()
    try:
        while True:
            item, error, last = handed.get()
            if error is not None:
                raise error
            if last:
                return
            yield cast("T", item)  # only the last one is None
    finally:
        stopped.set()
        worker.join()
