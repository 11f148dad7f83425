"""``python -m loaders.scenario FOLDER``: writes the synthetic case into a folder."""

from __future__ import annotations

import sys
from pathlib import Path

from loaders.scenario.write import write_scenario


def main(arguments: list[str]) -> int:
    """Write the case; the exit code."""
    if len(arguments) != 1 or arguments[0].startswith("-"):
        sys.stderr.write("usage: python -m loaders.scenario FOLDER\n")
        return 2
    write_scenario(Path(arguments[0]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
