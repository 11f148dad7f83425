"""The ontology: which kinds of entities and links there are, loaded from data and checked before use.

The kinds stand in TOML files beside this module, one family a file; a user adds kinds and properties with a file
of their own. `load_ontology` reads, lints and resolves them into one frozen `Ontology` that every layer shares.
"""

import difflib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from graph_service.errors import OntologyError, UnknownKind
from graph_service.model.ontology_lint import ANY_KIND, lint
from graph_service.model.text import fold

DATA_FOLDER = Path(__file__).parent / "ontology_data"


@dataclass(frozen=True, slots=True)
class Property:
    """A property of a kind: its value type (see `values.value_types`) and whether text search looks at it."""

    name: str
    label: str
    type: str
    description: str
    searchable: bool


@dataclass(frozen=True, slots=True)
class EntityKind:
    """A kind of entity, with everything it inherits already filled in.

    `keys` are the strong identity keys: two entities that agree on all properties of one key are the same thing.
    `ftm` is the FollowTheMoney schema of the same meaning; a kind without one exports as its nearest ancestor that
    has. `infrastructure` marks public things everybody touches (a port, a country), which connect without meaning.
    """

    name: str
    label: str
    plural: str
    description: str
    family: str
    extends: str | None
    caption: tuple[str, ...]
    properties: Mapping[str, Property]
    keys: tuple[tuple[str, ...], ...]
    ftm: str | None
    colour: str
    icon: str
    event: bool
    infrastructure: bool


@dataclass(frozen=True, slots=True)
class LinkKind:
    """A kind of link. `label` reads from source to target, `reverse` from target to source.

    `side` is set on the roles of an event: "from" links go from a party to the event, "to" links from the event to
    a party, so that a directed path follows the money or the goods. A role without a side is context.
    """

    name: str
    label: str
    reverse: str
    description: str
    family: str
    domain: tuple[str, ...]
    range: tuple[str, ...]
    directed: bool
    side: str | None
    properties: Mapping[str, Property]
    ftm: str | None


@dataclass(frozen=True, slots=True)
class Ontology:
    """All kinds, by name, and the questions about them that the other layers ask."""

    entity_kinds: Mapping[str, EntityKind]
    link_kinds: Mapping[str, LinkKind]
    _lineage: Mapping[str, tuple[str, ...]] = field(init=False, repr=False, compare=False)
    _descendants: Mapping[str, frozenset[str]] = field(init=False, repr=False, compare=False)
    _ends: Mapping[str, tuple[frozenset[str], frozenset[str]]] = field(init=False, repr=False, compare=False)
    _searchable: Mapping[str, tuple[str, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Prepare the look-ups once, so that `allows`, `is_a` and `search_text` are cheap for every row."""
        lineage = {name: self._walk(name) for name in self.entity_kinds}
        below: dict[str, set[str]] = {name: set() for name in self.entity_kinds}
        for name, ancestors in lineage.items():
            for ancestor in ancestors:
                below[ancestor].add(name)
        descendants = {name: frozenset(names) for name, names in below.items()}
        descendants[ANY_KIND] = frozenset(self.entity_kinds)

        def reach(names: tuple[str, ...]) -> frozenset[str]:
            return frozenset().union(*(descendants[name] for name in names))

        object.__setattr__(self, "_lineage", lineage)
        object.__setattr__(self, "_descendants", descendants)
        object.__setattr__(
            self, "_ends", {link.name: (reach(link.domain), reach(link.range)) for link in self.link_kinds.values()}
        )
        object.__setattr__(
            self,
            "_searchable",
            {
                name: tuple(prop.name for prop in kind.properties.values() if prop.searchable)
                for name, kind in self.entity_kinds.items()
            },
        )

    def _walk(self, name: str) -> tuple[str, ...]:
        chain = [name]
        while (parent := self.entity_kinds[chain[-1]].extends) is not None:
            chain.append(parent)
        return tuple(chain)

    def entity_kind(self, name: str) -> EntityKind:
        """The entity kind of that name; `UnknownKind`, naming the nearest kinds, when there is none."""
        try:
            return self.entity_kinds[name]
        except KeyError:
            raise UnknownKind(_unknown("entity kind", name, self.entity_kinds)) from None

    def link_kind(self, name: str) -> LinkKind:
        """The link kind of that name; `UnknownKind`, naming the nearest kinds, when there is none."""
        try:
            return self.link_kinds[name]
        except KeyError:
            raise UnknownKind(_unknown("link kind", name, self.link_kinds)) from None

    def lineage(self, kind: str) -> tuple[str, ...]:
        """The kind first, then what it extends, up to its root."""
        self.entity_kind(kind)
        return self._lineage[kind]

    def depth(self, kind: str) -> int:
        """How many ancestors the kind has: the larger, the more specific. A root has 0."""
        return len(self.lineage(kind)) - 1

    def descendants(self, kind: str) -> frozenset[str]:
        """The kind itself and all kinds that extend it; for the wildcard "Entity", all entity kinds."""
        if kind != ANY_KIND:
            self.entity_kind(kind)
        return self._descendants[kind]

    def is_a(self, kind: str, ancestor: str) -> bool:
        """Whether `kind` is `ancestor` or extends it; every kind is an "Entity"."""
        self.entity_kind(kind)
        return kind in self.descendants(ancestor)

    def allows(self, link: str, source_kind: str, target_kind: str) -> bool:
        """Whether a link of this kind may go from one kind to the other.

        A symmetric link may be written either way round. Unknown kinds raise `UnknownKind`.
        """
        kind = self.link_kind(link)
        self.entity_kind(source_kind)
        self.entity_kind(target_kind)
        sources, targets = self._ends[link]
        if source_kind in sources and target_kind in targets:
            return True
        return not kind.directed and source_kind in targets and target_kind in sources

    def expand_kinds(self, names: Iterable[str]) -> tuple[frozenset[str], frozenset[str]]:
        """The entity kinds (with their descendants) and the link kinds that the names stand for.

        Serves every "only these kinds" option. `UnknownKind` for a name that is neither.
        """
        entities: set[str] = set()
        links: set[str] = set()
        for name in names:
            if name in self.link_kinds:
                links.add(name)
            elif name in self._descendants:
                entities |= self._descendants[name]
            else:
                raise UnknownKind(_unknown("kind", name, [*self.entity_kinds, *self.link_kinds]))
        return frozenset(entities), frozenset(links)

    def caption(self, kind: str, properties: Mapping[str, tuple[str, ...]]) -> str | None:
        """A short line of text for the entity: the first value of the first caption property that has one.

        An amount is written with its currency and grouped for reading. None when no caption property has a value.
        """
        described = self.entity_kind(kind)
        for name in described.caption:
            if values := properties.get(name):
                if described.properties[name].type == "amount":
                    return _amount_caption(values[0], properties.get("currency", ()))
                return values[0]
        return None

    def search_text(self, kind: str, properties: Mapping[str, tuple[str, ...]]) -> str:
        """The folded text of all searchable properties: distinct tokens, in order, one space between."""
        self.entity_kind(kind)
        values = [value for name in self._searchable[kind] if name in properties for value in properties[name]]
        return " ".join(dict.fromkeys(fold(" ".join(values)).split()))


def load_ontology(*extra: Path) -> Ontology:
    """The shipped families and the user's files, linted and resolved.

    Raises one `OntologyError` that lists every problem with its file and place. Without user files the result is
    cached and shared.
    """
    if not extra:
        return _shipped()
    files = _read(sorted(DATA_FOLDER.glob("*.toml")))
    for path in extra:
        if path.name in files:
            raise OntologyError(f"{path}: there is already an ontology file named {path.name}; rename yours")
        files.update(_read([path]))
    return _build(files)


@lru_cache(maxsize=1)
def _shipped() -> Ontology:
    return _build(_read(sorted(DATA_FOLDER.glob("*.toml"))))


def _read(paths: Iterable[Path]) -> dict[str, dict[str, Any]]:
    files: dict[str, dict[str, Any]] = {}
    for path in paths:
        try:
            files[path.name] = tomllib.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise OntologyError(f"{path}: cannot be read: {error.strerror}") from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise OntologyError(f"{path}: not a TOML file: {error}") from error
    return files


def _build(files: Mapping[str, Mapping[str, Any]]) -> Ontology:
    problems = lint(files)
    if problems:
        raise OntologyError("\n".join(str(problem) for problem in problems))
    entities: dict[str, tuple[str, dict[str, Any]]] = {}
    links: dict[str, tuple[str, dict[str, Any]]] = {}
    added: dict[str, dict[str, Property]] = {}
    for file, content in files.items():
        family = content.get("family", Path(file).stem)
        for section, known in (("entity", entities), ("link", links)):
            for name, table in content.get(section, {}).items():
                added.setdefault(name, {}).update(_properties(table.get("properties", {})))
                if "label" in table:
                    known[name] = (family, table)
    built: dict[str, EntityKind] = {}
    for name in entities:
        _entity_kind(name, entities, added, built)
    return Ontology(
        MappingProxyType({name: built[name] for name in entities}),
        MappingProxyType({name: _link_kind(name, *links[name], added[name]) for name in links}),
    )


def _properties(tables: Mapping[str, Mapping[str, Any]]) -> dict[str, Property]:
    found = {}
    for name, table in tables.items():
        label = table.get("label", name.replace("_", " ").capitalize())
        found[name] = Property(
            name, label, table["type"], table.get("description", label), table.get("searchable", False)
        )
    return found


def _entity_kind(
    name: str,
    tables: Mapping[str, tuple[str, dict[str, Any]]],
    added: Mapping[str, dict[str, Property]],
    built: dict[str, EntityKind],
) -> EntityKind:
    """Build a kind after its ancestors; properties and keys add up, caption and flags are inherited when absent."""
    if name in built:
        return built[name]
    family, table = tables[name]
    parent = _entity_kind(table["extends"], tables, added, built) if "extends" in table else None
    inherited = dict(parent.properties) if parent else {}
    built[name] = EntityKind(
        name=name,
        label=table["label"],
        plural=table.get("plural", table["label"] + "s"),
        description=table["description"],
        family=family,
        extends=table.get("extends"),
        caption=tuple(table.get("caption", parent.caption if parent else ())),
        properties=MappingProxyType(inherited | added[name]),
        keys=(parent.keys if parent else ()) + tuple(tuple(key) for key in table.get("keys", ())),
        ftm=table.get("ftm"),
        colour=table["colour"].lower(),
        icon=table["icon"],
        event=table.get("event", bool(parent and parent.event)),
        infrastructure=table.get("infrastructure", bool(parent and parent.infrastructure)),
    )
    return built[name]


def _link_kind(name: str, family: str, table: Mapping[str, Any], properties: Mapping[str, Property]) -> LinkKind:
    return LinkKind(
        name=name,
        label=table["label"],
        reverse=table["reverse"],
        description=table["description"],
        family=family,
        domain=tuple(table["domain"]),
        range=tuple(table["range"]),
        directed=table.get("directed", True),
        side=table.get("side"),
        properties=MappingProxyType(dict(properties)),
        ftm=table.get("ftm"),
    )


def _unknown(what: str, name: str, known: Iterable[str]) -> str:
    by_folded = {kind.casefold(): kind for kind in known}
    near = [by_folded[close] for close in difflib.get_close_matches(name.casefold(), by_folded, n=3)]
    return f"unknown {what} {name!r}" + (f"; did you mean {', '.join(near)}?" if near else "")


def _amount_caption(amount: str, currencies: tuple[str, ...]) -> str:
    try:
        grouped = f"{Decimal(amount):,f}"
    except InvalidOperation:
        grouped = amount
    return f"{grouped} {currencies[0]}" if currencies else grouped
