"""The command as a user runs it: a process of its own, in a folder of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.architecture.source import ROOT

COMMAND = (sys.executable, "-m", "graph_service.cli.main")
PAYMENTS = """payer,payee,sum,currency,day
Marta Quiroga,Blue Heron Trading Ltd,9500.00,USD,2021-03-02
Blue Heron Trading Ltd,Ostsee Maschinen GmbH,18700.00,USD,2021-03-09
Ostsee Maschinen GmbH,Ivan Petrov,18000.00,EUR,2021-03-15
Ivan Petrov,Nordwind Logistik,500.00,EUX,2021-03-16
"""
MAPPING = """
[entity.payer]
kind = "Party"
id = "party:{payer|slug}"
properties.name = "payer"

[entity.payee]
kind = "Party"
id = "party:{payee|slug}"
properties.name = "payee"

[entity.payment]
kind = "MoneyTransfer"
id = "payment:{payer|slug}:{payee|slug}:{day}"
properties.amount = "sum"
properties.currency = "currency"
properties.date = "day"

[link.from]
kind = "ORIGINATOR"
source = "payer"
target = "payment"
valid_from = "day"
valid_to = "day"

[link.to]
kind = "BENEFICIARY"
source = "payment"
target = "payee"
valid_from = "day"
valid_to = "day"
"""


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command came to."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Its output as JSON."""
        return json.loads(self.out)


@dataclass(frozen=True, slots=True)
class Desk:
    """A folder to work in, with a file of payments and its mapping, and the settings of its user."""

    folder: Path
    settings: dict[str, str]

    @staticmethod
    def at(folder: Path, **settings: str) -> Desk:
        """A new one."""
        (folder / "payments.csv").write_text(PAYMENTS, encoding="utf-8")
        (folder / "payments.toml").write_text(MAPPING, encoding="utf-8")
        return Desk(folder, settings)

    def environment(self) -> dict[str, str]:
        """Of its processes: none of the settings of whoever runs the tests."""
        foreign = ("GRAPH_", "NEO4J_")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
        return kept | {"PYTHONPATH": str(ROOT), "COLUMNS": "200"} | self.settings

    def run(self, *words: str) -> Ran:
        """Run a command to its end."""
        done = subprocess.run(
            [*COMMAND, *words],
            cwd=self.folder,
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return Ran(done.returncode, done.stdout, done.stderr)

    def load(self) -> Ran:
        """Load the payments."""
        words = ("payments.csv", "--mapping", "payments.toml", "--source", "Bank", "--grade", "B2")
        return self.run("load", *words)

    @contextmanager
    def serving(self, *words: str) -> Iterator[str]:
        """The service of this desk, and its address."""
        with subprocess.Popen(
            [*COMMAND, "serve", "--port", "0", *words],
            cwd=self.folder,
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            try:
                yield self._address(process)
            finally:
                process.terminate()
                _, told = process.communicate(timeout=30)
        assert process.returncode == 0, told
        assert "Traceback" not in told

    @staticmethod
    def _address(process: subprocess.Popen[str]) -> str:
        assert process.stdout is not None
        line = process.stdout.readline()
        if " at http" not in line:
            time.sleep(0.1)
            raise AssertionError(f"it does not serve: {line}{process.communicate(timeout=10)}")
        return line.split(" at ")[1].split()[0]
