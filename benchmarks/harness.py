"""What every benchmark shares: sizes, timing, memory, and the table the results are kept in."""

from __future__ import annotations

import gc
import os
import platform
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

SIZES = {"small": (10_000, 50_000), "middle": (100_000, 500_000), "large": (1_000_000, 5_000_000)}
"""Entities and links of each size."""
RESULTS = Path(__file__).parent / "RESULTS.md"
SEED = 20_261_124


@dataclass(frozen=True, slots=True)
class Measured:
    """One row: what was done, at which size, our figure, the peer's, their ratio, and what must be reached."""

    work: str
    size: str
    ours: str
    peer: str
    ratio: str
    must: str
    met: bool | None

    def row(self) -> str:
        """The row of the table."""
        verdict = "" if self.met is None else "yes" if self.met else "**no**"
        return f"| {self.work} | {self.size} | {self.ours} | {self.peer} | {self.ratio} | {self.must} | {verdict} |"


def seconds(work: Callable[[], object], times: int = 1) -> float:
    """The median wall time of a piece of work, in seconds, with the collector out of the way."""
    spent = []
    for _ in range(times):
        gc.collect()
        begun = time.perf_counter()
        work()
        spent.append(time.perf_counter() - begun)
    return float(np.median(spent))


def milliseconds(works: Iterable[Callable[[], object]]) -> tuple[float, float]:
    """The median and the 95th percentile over many pieces of work, in milliseconds."""
    spent = []
    for work in works:
        begun = time.perf_counter()
        work()
        spent.append((time.perf_counter() - begun) * 1_000)
    return float(np.percentile(spent, 50)), float(np.percentile(spent, 95))


def size_name(entities: int, links: int) -> str:
    """Such as ``1M / 5M``."""
    return " / ".join(f"{n // 10**6}M" if n >= 10**6 else f"{n // 10**3}k" for n in (entities, links))


def times_faster(ours: float, peer: float) -> str:
    """How many times faster than the peer, to two digits."""
    return f"{peer / ours:.2g}x" if peer >= ours else f"{peer / ours:.2f}x"


def write_results(rows: Sequence[Measured], spent: float) -> str:
    """The table as Markdown, with the machine named; written to RESULTS.md and returned."""
    head = [
        "# Results",
        "",
        f"Measured on {time.strftime('%Y-%m-%d')} in one run of `make bench` ({spent / 60:.0f} min):",
        f"{_machine()}.",
        "Each benchmark checks its answer before it is timed. Ratios are the peer's time divided by ours, of the same",
        "run; absolute figures are of this machine. p50/p95 are over the pairs or words drawn by a fixed seed.",
        "",
        "| work | entities / links | ours | peer | ratio | must reach | met |",
        "|---|---|---|---|---|---|---|",
    ]
    text = "\n".join([*head, *(row.row() for row in rows), ""])
    RESULTS.write_text(text, encoding="utf-8")
    return text


def _machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    system = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    return f"{os.cpu_count()} cores, {memory:.0f} GiB, {system}"
