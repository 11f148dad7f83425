"""Pages: a scene as one offline HTML file, and the workbench that a service serves. The only module that knows pyvis.

vis-network's script and style come out of pyvis's installed wheel. The pages are our own templates with autoescape; the
scene goes in as a JSON island and is shown by `textContent` and canvas only, under a policy that runs nothing but the
page's own scripts.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import orjson
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from viz.elements import Scene

if TYPE_CHECKING:
    from pyvis.network import Network

_HERE = Path(__file__).parent
_CHART_SCRIPTS = ("dom.js", "paint.js", "chart.js", "export.js", "panel.js")
_VIS = ("vis-network.min.js", "vis-network.css")


def offline_page(scene: Scene) -> str:
    """The chart as one HTML file that opens without a network, also from a disk; the same scene gives the same page."""
    scripts = [_text(name) for name in (_VIS[0], *_CHART_SCRIPTS, "offline.js")]
    hashes = " ".join(f"'sha256-{_digest(script)}'" for script in scripts)
    return _template("chart.html").render(
        scene=scene,
        island=_island(scene),
        policy=f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data: blob:;"
        " base-uri 'none'; form-action 'none'",
        styles=[Markup(_text(name)) for name in (_VIS[1], "style.css")],  # noqa: S704  # our own and the wheel's files
        scripts=[Markup(script) for script in scripts],  # noqa: S704  # our own and the wheel's files
    )


def workbench_page(nonce: str) -> str:
    """The first page of a served graph; its scripts carry the nonce and come from ``/assets/``."""
    return _template("workbench.html").render(nonce=nonce, scripts=[_VIS[0], *_CHART_SCRIPTS, "app.js"])


def content_security_policy(nonce: str) -> str:
    """The policy of the served page: scripts with the nonce, requests to this service alone, nothing framed."""
    return (
        f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:;"
        " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


@cache
def asset_files() -> Mapping[str, bytes]:
    """The files that the served page asks for, by name."""
    names = (*_VIS, *_CHART_SCRIPTS, "app.js", "style.css")
    return {name: _path(name).read_bytes() for name in names}


def to_pyvis(scene: Scene) -> Network:
    """The scene as a pyvis network for a notebook.

    Filled directly, for ``add_node`` is quadratic and reads titles as HTML.
    """
    from pyvis.network import Network

    network = Network(directed=True, cdn_resources="in_line")
    network.nodes = [
        {"id": place, "label": node.label, "x": node.x, "y": node.y, "color": node.colour, "shape": node.shape}
        for place, node in enumerate(scene.nodes)
    ]
    place = {node.id: number for number, node in enumerate(scene.nodes)}
    network.edges = [
        {"from": place[link.source], "to": place[link.target], "label": link.label, "color": link.colour}
        for link in scene.links
    ]
    network.toggle_physics(False)
    return network


def _island(scene: Scene) -> Markup:
    """The scene as JSON that no HTML parser can take for anything else."""
    text = orjson.dumps(asdict(scene)).decode()
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704  # every character that could end the island is escaped


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


@cache
def _text(name: str) -> str:
    return _path(name).read_text(encoding="utf-8")


def _path(name: str) -> Path:
    if name not in _VIS:
        return _HERE / "workbench" / name
    spec = find_spec("pyvis")
    if spec is None or not spec.submodule_search_locations:
        raise ImportError("pyvis is not installed, and its wheel carries vis-network")
    return Path(spec.submodule_search_locations[0]) / "templates" / "lib" / "vis-9.1.2" / name


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )


def _template(name: str) -> Template:
    return _environment().get_template(name)
