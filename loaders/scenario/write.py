"""Writes the world down: a file a source, the manifest that lists them, and the stories with their questions."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from loaders.scenario.build import build_world
from loaders.scenario.faults import announced, spoil
from loaders.scenario.files import SourceText, Table
from loaders.scenario.shipped import DATA
from loaders.scenario.sources import papers
from loaders.scenario.sources.money import money
from loaders.scenario.sources.movements import movements
from loaders.scenario.sources.registers import registers
from loaders.scenario.sources.trade import trade_papers
from loaders.scenario.story import Story
from loaders.scenario.world import World


def write_scenario(folder: Path) -> None:
    """Write every file of the world into the folder, which is made when it is not there; always the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    world, stories = build_world()
    sources = [spoil(source) for source in sources_of(world, stories)]
    for source in sources:
        _write(folder / source.file, source.text())
    _write(folder / "manifest.toml", _manifest(sources))
    _write(folder / "stories.toml", _stories(stories))
    if folder.resolve() != DATA.resolve():
        shutil.copytree(DATA / "mappings", folder / "mappings", dirs_exist_ok=True)


def sources_of(world: World, stories: tuple[Story, ...]) -> list[SourceText]:
    """What every source says of the world, in load order, still without mistakes."""
    return [
        papers.reference(world),
        *registers(world),
        *trade_papers(world),
        *money(world),
        *movements(world),
        papers.watch_list(world, stories),
        papers.case_files(world, stories),
        papers.informants(world),
        papers.partner(world),
    ]


def _manifest(sources: Sequence[SourceText]) -> str:
    out = ["# The files of the synthetic case in load order, and the mistakes planted in them.", ""]
    for source in sources:
        entry: dict[str, object] = {"file": source.file, "format": source.form}
        if isinstance(source, Table):
            entry["mapping"] = f"mappings/{Path(source.file).stem}.toml"
        origin = source.origin
        entry |= {"source": origin.source, "grade": origin.grade, "markings": list(origin.markings)}
        out += ["[[file]]", *_pairs(entry), ""]
    for source in sources:
        for fault in announced(source):
            out += ["[[fault]]", *_pairs(fault), ""]
    return "\n".join(out)


def _stories(stories: Sequence[Story]) -> str:
    out = ["# The stories planted in the synthetic case: who is in them, what holds, and what to ask.", ""]
    for story in stories:
        head = {
            "key": story.key, "title": story.title, "area": story.area, "marking": story.marking,
            "summary": story.summary,
        }  # fmt: skip
        out += ["[[story]]", *_pairs(head), "", "[story.cast]", *_pairs(story.cast), ""]
        for fact in story.facts:
            out += ["[[story.fact]]", *_pairs({"text": fact.text, "chain": list(fact.chain)}), ""]
        for ask in story.asks:
            out += ["[[story.ask]]", *_pairs({"title": ask.title, "question": ask.question, "shows": ask.shows})]
            out += [*_pairs({"expect": list(ask.expect)}), "", "[story.ask.parameters]", *_pairs(ask.parameters), ""]
            out += ["[story.ask.scope]", *_pairs(ask.scope), ""]
    return "\n".join(out)


def _pairs(values: Mapping[str, object]) -> list[str]:
    """Keys and values as TOML, which writes texts, whole numbers, booleans and lists as JSON does."""
    return [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in values.items()]


def _write(path: Path, text: str) -> None:
    path.write_text(text.rstrip("\n") + "\n", encoding="utf-8", newline="\n")
