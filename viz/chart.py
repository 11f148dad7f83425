"""The pages that show a scene: one file that opens offline, and the workbench that the service serves.

vis-network comes out of the installed pyvis wheel; pyvis's own template is not used, for it runs script from data and
calls a CDN. Here no text of a record is ever markup: the template escapes, the scene travels as JSON that no HTML
parser acts on, the scripts write texts only, and a policy forbids every script, request and form but the page's own.
"""

from __future__ import annotations

import base64
import hashlib
import importlib.util
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from viz.elements import Scene

if TYPE_CHECKING:
    from pyvis.network import Network

_HERE = Path(__file__).parent
_VIS = "vis-network.min.js"
_CHART_SCRIPTS = ("dom.js", "paint.js", "chart.js", "panel.js", "export.js")
_OFFLINE_SCRIPTS = (_VIS, *_CHART_SCRIPTS, "offline.js")
_SERVED_SCRIPTS = (_VIS, *_CHART_SCRIPTS, "merge.js", "app.js")
_CLOSED = (
    "default-src 'none'; img-src data: blob:; base-uri 'none'; form-action 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)


def offline_page(scene: Scene, plot: str = "") -> str:
    """One HTML file with everything in it, the same bytes for the same scene; it opens from a disk and asks nobody.

    ``plot``: an SVG document of ``viz.figures`` to stand above the chart, or nothing.
    Its policy lists the hashes of its own scripts and style, so that nothing else can run in it.
    """
    style = _asset_text("style.css")
    scripts = [_asset_text(name) for name in _OFFLINE_SCRIPTS]
    policy = f"{_CLOSED}; script-src {' '.join(map(_hash, scripts))}; style-src {_hash(style)}"
    return (
        _templates()
        .get_template("chart.html")
        .render(
            scene=scene,
            plot=Markup(plot),  # noqa: S704 - made by viz.svg, which escapes
            policy=policy,
            style=Markup(style),  # noqa: S704 - our own file
            scripts=[Markup(script) for script in scripts],  # noqa: S704 - our own files and the wheel's
            data=Markup(_island(scene_json(scene))),  # noqa: S704 - JSON without any character that HTML acts on
        )
    )


def workbench_page(nonce: str) -> str:
    """The first page of the service; ``nonce`` is the one in the policy sent with it, fresh for each response."""
    return _templates().get_template("workbench.html").render(nonce=nonce, scripts=_SERVED_SCRIPTS)


def content_security_policy(nonce: str) -> str:
    """The policy of the workbench: its own scripts, its own style, requests to its own service, nothing else."""
    own = f"script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; connect-src 'self'; frame-ancestors 'none'"
    return f"{_CLOSED}; {own}"


@cache
def asset_files() -> Mapping[str, bytes]:
    """The files that the workbench asks for under ``/assets/``, by name; read once."""
    names = dict.fromkeys(("style.css", *_OFFLINE_SCRIPTS, *_SERVED_SCRIPTS))
    return MappingProxyType({name: _path(name).read_bytes() for name in names})


def to_pyvis(scene: Scene) -> Network:
    """The scene as a pyvis network for a notebook.

    Filled directly, for ``add_node`` is quadratic and reads titles as HTML; entities go by number, as in our own pages.
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


def scene_json(scene: Scene) -> dict[str, object]:
    """The scene as plain values, as the API sends it and the pages read it."""
    return {field.name: _plain(getattr(scene, field.name)) for field in fields(scene)}


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    return value


def _island(data: object) -> str:
    """JSON in ASCII in which no HTML parser finds a tag, a comment or an entity."""
    text = json.dumps(data, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _hash(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"


def _asset_text(name: str) -> str:
    """A script or style as it may stand inside a page: nothing in it ends the element around it."""
    text = asset_files()[name].decode().replace("\r\n", "\n")
    return text.replace("</script", "<\\/script").replace("<!--", "<\\!--").replace("//# sourceMappingURL=", "// ")


def _path(name: str) -> Path:
    """Where a file is: our own folder, or for vis-network the pyvis wheel, found without importing pyvis."""
    if name != _VIS:
        return _HERE / "workbench" / name
    spec = importlib.util.find_spec("pyvis")
    folders = list(spec.submodule_search_locations or ()) if spec else []
    files = sorted(file for folder in folders for file in Path(folder).glob(f"lib/vis-*/{_VIS}"))
    if not files:
        raise FileNotFoundError(f"the installed pyvis carries no {_VIS}")
    return files[-1]


@cache
def _templates() -> Environment:
    return Environment(loader=FileSystemLoader(_HERE / "templates"), autoescape=True, undefined=StrictUndefined)
