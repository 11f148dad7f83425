"""The words for kinds, links, sources, dates and amounts: what every telling of an answer is made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from graph_service.cli.show import clean
from viz.captions import amount_text

Json: TypeAlias = Mapping[str, Any]
_SOURCES = 3
_UNGRADED = "F6"


class Names:
    """What kinds, links and sources are called."""

    def __init__(self, ontology: Json, sources: Iterable[Json]) -> None:
        """The ontology and the sources as the API gives them."""
        self._kinds: Mapping[str, Json] = {kind["name"]: kind for kind in ontology["entity_kinds"]}
        self._links: Mapping[str, Json] = {kind["name"]: kind for kind in ontology["link_kinds"]}
        self._sources = {source["id"]: clean(source["name"]) for source in sources}

    def kind(self, name: str) -> str:
        """The label of a kind of entity or link."""
        known = self._kinds.get(name) or self._links.get(name)
        return str(known["label"]) if known else clean(name)

    def counted(self, name: str, count: int) -> str:
        """So many of a kind of entity, as in ``1 company`` and ``6 companies``."""
        known = self._kinds.get(name)
        word = str(known["label" if count == 1 else "plural"]) if known else clean(name)
        return f"{count:,} {word if word[1:2].isupper() else word[:1].lower() + word[1:]}"

    def is_party(self, kind: str | None) -> bool:
        """Whether it is a person, a body or whatever else can act: Party or a kind below it."""
        while kind is not None and kind != "Party":
            kind = self._kinds.get(kind, {}).get("extends")
        return kind is not None

    def is_event(self, kind: str) -> bool:
        """Whether it is a kind of event."""
        return bool(self._kinds.get(kind, {}).get("event"))

    def link(self, link: Json, start: str) -> str:
        """A link in words as it is walked from one of its ends."""
        known, along = self._links.get(link["kind"]), link["source"] == start
        if known is None:  # events are collapsed: the link stands for one
            return f"{self.kind(link['kind'])} {'to' if along else 'from'}"
        return str(known["label"] if along or not known["directed"] else known["reverse"])

    def direction(self, kind: str, direction: str) -> str:
        """A link kind in words as seen from one end: ``out``, ``in`` or ``both``."""
        known = self._links.get(kind)
        return self.kind(kind) if known is None else str(known["reverse" if direction == "in" else "label"])

    def source(self, source_id: str) -> str:
        """The name of a source."""
        return self._sources.get(source_id, clean(source_id))

    def properties(self, kind: str, properties: Json) -> str:
        """Properties on one line, labels before values."""
        known = self._kinds.get(kind, {}).get("properties", {})
        labels = {name: known[name]["label"] if name in known else name for name in properties}
        return "; ".join(f"{labels[name]}: {', '.join(map(clean, values))}" for name, values in properties.items())

    def facts(self, thing: Json) -> str:
        """Date, amount, role, grades and sources of an entity or link, as far as they are known; in brackets."""
        said = thing["properties"]
        money = amount_text(said["amount"][0], _first(said, "currency")) if said.get("amount") else ""
        share = f"{_first(said, 'share')} %" if said.get("share") else ""
        parts = [dates(thing), money, _first(said, "role"), share, self.said_by(thing["records"])]
        caption = thing.get("caption") or ""
        told = "; ".join(clean(part) for part in parts if part and not _said_in(part, caption))
        return f"({told})" if told else ""

    def said_by(self, records: Sequence[Json]) -> str:
        """The grades and names of the sources, the best graded first."""
        grades: dict[str, str] = {}
        for record in records:
            grades.setdefault(self.source(record["source"]), record["grade"])
        told = [f"{grade} {name}" if grade != _UNGRADED else name for name, grade in list(grades.items())[:_SOURCES]]
        return ", ".join(told) + (f" and {len(grades) - _SOURCES} more" if len(grades) > _SOURCES else "")


def dates(thing: Json) -> str:
    """When it was or holds, in words."""
    said = thing["properties"]
    start, end = _first(said, "date")[:10], _first(said, "end_date")[:10]
    if not start and not end:
        records = [thing] if "valid_from" in thing else thing["records"][:1]
        start, end = next(((each["valid_from"] or "", each["valid_to"] or "") for each in records), ("", ""))
        if start != end and not (start and end):
            return f"since {start}" if start else f"until {end}"
    return " – ".join(dict.fromkeys(part for part in (start, end) if part))


def _said_in(part: str, caption: str) -> bool:
    """Whether a caption such as ``9,200 USD`` says the same already."""
    return set(part.split()) <= set(caption.split())


def _first(properties: Json, name: str) -> str:
    values = properties.get(name)
    return str(values[0]) if values else ""
