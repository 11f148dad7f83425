"""The linter of ontology files: everything that would make the ontology ambiguous or unusable, found before use.

`lint` looks at all files together, because a user's file refers to the shipped ones. It reports every problem, each
with its file and its place in the file, rather than stopping at the first.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graph_service.model.values import value_types

ANY_KIND = "Entity"
"""Stands for every entity kind in a domain or a range."""

RESERVED_KINDS = frozenset({ANY_KIND, "EntityRecord", "LinkRecord", "Source", "Marking", "Judgement", "ABOUT"})
"""Names the stores use beside the kinds."""

RESERVED_PROPERTIES = frozenset(
    (
        "id",
        "kind",
        "source",
        "target",
        "row",
        "grade",
        "markings",
        "valid_from",
        "valid_to",
        "amount_value",
        "link_id",
        "entity_id",
        "no",
        "class",
        "revision",
        "retracted",
        "text",
    )
)
"""Names that every record has anyway."""

_ENTITY_NAME = re.compile(r"[A-Z][A-Za-z0-9]{0,62}")
_LINK_NAME = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*")
_PROPERTY_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")

_Table = Mapping[str, Any]
_Check = Callable[[Any], bool]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: the file, the place in it as a dotted TOML path, and what to mend."""

    file: str
    place: str
    message: str

    def __str__(self) -> str:
        """One line, as a compiler would print it."""
        return f"{self.file}: {self.place}: {self.message}" if self.place else f"{self.file}: {self.message}"


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind as its defining file has it, with the properties that all files give it and where each stands."""

    file: str
    place: str
    table: _Table
    properties: dict[str, str]

    def problem(self, key: str, message: str) -> Problem:
        return Problem(self.file, f"{self.place}.{key}" if key else self.place, message)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)


def _is_names(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(_is_text(item) for item in value)


def _is_keys(value: Any) -> bool:
    return isinstance(value, list) and all(_is_names(item) for item in value)


def _is_table(value: Any) -> bool:
    return isinstance(value, dict)


def _is_icon(value: Any) -> bool:
    """One or two printable characters, none of them an emoji, so that every chart font has them."""
    return (
        isinstance(value, str)
        and 1 <= len(value) <= 2
        and value.isprintable()
        and " " not in value
        and all(ord(char) < 0x2600 or 0x2800 <= ord(char) < 0xFE00 for char in value)
    )


_TEXT = (_is_text, "a text that is not empty")
_NAMES = (_is_names, "a list of names, not empty")
_FLAG = (_is_flag, "true or false")
_TABLE = (_is_table, "a table")
_ENTITY_KEYS: Mapping[str, tuple[_Check, str]] = {
    "label": _TEXT,
    "plural": _TEXT,
    "description": _TEXT,
    "extends": _TEXT,
    "caption": _NAMES,
    "keys": (_is_keys, "a list of lists of property names"),
    "ftm": _TEXT,
    "colour": (lambda value: isinstance(value, str) and bool(_COLOUR.fullmatch(value)), 'a colour such as "#0072b2"'),
    "icon": (_is_icon, "one or two characters that are no emoji"),
    "event": _FLAG,
    "infrastructure": _FLAG,
    "properties": _TABLE,
}
_LINK_KEYS: Mapping[str, tuple[_Check, str]] = {
    "label": _TEXT,
    "reverse": _TEXT,
    "description": _TEXT,
    "domain": _NAMES,
    "range": _NAMES,
    "directed": _FLAG,
    "side": (lambda value: value in ("from", "to"), '"from" or "to"'),
    "ftm": _TEXT,
    "properties": _TABLE,
}
_PROPERTY_KEYS: Mapping[str, tuple[_Check, str]] = {
    "type": _TEXT,
    "label": _TEXT,
    "description": _TEXT,
    "searchable": _FLAG,
}
_FILE_KEYS: Mapping[str, tuple[_Check, str]] = {"family": _TEXT, "entity": _TABLE, "link": _TABLE}
_SECTIONS = {
    "entity": (_ENTITY_KEYS, ("label", "description", "colour", "icon"), _ENTITY_NAME, "PascalCase"),
    "link": (_LINK_KEYS, ("label", "reverse", "description", "domain", "range"), _LINK_NAME, "UPPER_SNAKE"),
}


def lint(files: Mapping[str, Mapping[str, Any]]) -> list[Problem]:
    """Every problem in the parsed files, in the order of the files; empty when they hold together.

    What one kind refers to is checked only once the tables themselves are well formed, so that one slip of the pen
    is reported once.
    """
    problems = [problem for file, content in files.items() for problem in _shape(file, content)]
    if problems:
        return problems
    kinds, problems = _collect(files)
    entities, links = kinds["entity"], kinds["link"]
    problems += _names(entities, links)
    problems += _extends(entities)
    if problems:
        return problems
    for name in entities:
        problems += _entity(name, entities)
    for link in links.values():
        problems += _link(link, entities)
    for section in (entities, links):
        problems += _unique(section, "label") + _unique(section, "ftm")
    return problems + _unique(links, "reverse")


def _shape(file: str, content: _Table) -> Iterator[Problem]:
    """Unknown keys, wrong types and ill-formed names, table by table."""
    yield from _table(file, "", content, _FILE_KEYS)
    for section, (keys, _, pattern, style) in _SECTIONS.items():
        tables = content.get(section, {})
        for name, table in tables.items() if _is_table(tables) else ():
            place = f"{section}.{name}"
            if name in RESERVED_KINDS:
                yield Problem(file, place, f"{name!r} is a reserved name")
            elif not pattern.fullmatch(name):
                yield Problem(file, place, f"the name of a kind of {section} is written in {style}, {name!r} is not")
            if not _is_table(table):
                yield Problem(file, place, "must be a table")
                continue
            yield from _table(file, place, table, keys)
            properties = table.get("properties", {})
            for prop, described in properties.items() if _is_table(properties) else ():
                yield from _property(file, f"{place}.properties.{prop}", prop, described)


def _table(file: str, place: str, table: _Table, keys: Mapping[str, tuple[_Check, str]]) -> Iterator[Problem]:
    for key, value in table.items():
        where = f"{place}.{key}" if place else key
        if key not in keys:
            yield Problem(file, where, f"unknown key {key!r}; known are {', '.join(keys)}")
        elif not keys[key][0](value):
            yield Problem(file, where, f"must be {keys[key][1]}")


def _property(file: str, place: str, name: str, table: Any) -> Iterator[Problem]:
    if not _PROPERTY_NAME.fullmatch(name):
        yield Problem(file, place, f"the name of a property is written in lower_snake, {name!r} is not")
    elif name in RESERVED_PROPERTIES:
        yield Problem(file, place, f"{name!r} is a reserved name")
    if not _is_table(table):
        yield Problem(file, place, "must be a table")
        return
    yield from _table(file, place, table, _PROPERTY_KEYS)
    if "type" not in table:
        yield Problem(file, place, "needs a type")
    elif _is_text(table["type"]) and table["type"] not in value_types():
        yield Problem(file, f"{place}.type", f"unknown value type {table['type']!r}; known are {_list(value_types())}")


def _collect(files: Mapping[str, Mapping[str, Any]]) -> tuple[dict[str, dict[str, _Kind]], list[Problem]]:
    """The kinds by section and name, and what is wrong with how the files define and extend them.

    A table with nothing but properties adds to a kind that some file defines; any other table defines a kind.
    """
    kinds: dict[str, dict[str, _Kind]] = {"entity": {}, "link": {}}
    problems: list[Problem] = []
    tables = [
        (file, section, name, table)
        for file, content in files.items()
        for section in kinds
        for name, table in content.get(section, {}).items()
    ]
    for file, section, name, table in tables:
        if not table.keys() - {"properties"}:
            continue
        place = f"{section}.{name}"
        if name in kinds[section]:
            message = f"already defined in {kinds[section][name].file}; only properties can be added to it"
            problems.append(Problem(file, place, message))
            continue
        problems += [Problem(file, place, f"needs {key}") for key in _SECTIONS[section][1] if key not in table]
        kinds[section][name] = _Kind(file, place, table, {})
    for file, section, name, table in tables:
        kind = kinds[section].get(name)
        if kind is None:
            required = ", ".join(_SECTIONS[section][1])
            message = f"adds properties to {name!r}, which no file defines; a new kind needs {required}"
            problems.append(Problem(file, f"{section}.{name}", message))
            continue
        for prop in table.get("properties", {}):
            if prop in kind.properties:
                message = f"{name} has a property {prop!r} already, from {kind.properties[prop]}"
                problems.append(Problem(file, f"{section}.{name}.properties.{prop}", message))
            kind.properties.setdefault(prop, file)
    return kinds, problems


def _names(entities: Mapping[str, _Kind], links: Mapping[str, _Kind]) -> Iterator[Problem]:
    """Names are unique over entity and link kinds together, upper and lower case taken as one."""
    seen: dict[str, str] = {}
    for name, kind in [*entities.items(), *links.items()]:
        first = seen.setdefault(name.casefold(), kind.place)
        if first != kind.place:
            yield kind.problem("", f"the name {name!r} differs from {first} by case at most")


def _extends(entities: Mapping[str, _Kind]) -> Iterator[Problem]:
    for name, kind in entities.items():
        parent = kind.table.get("extends")
        if parent is not None and parent not in entities:
            yield kind.problem("extends", f"unknown kind {parent!r}")
        elif name in _ancestors(name, entities):
            yield kind.problem("extends", f"{name} extends itself, by way of {parent}")


def _ancestors(name: str, entities: Mapping[str, _Kind]) -> list[str]:
    """What the kind extends, nearest first; in a circle, each kind of it once."""
    found: list[str] = []
    parent: str = entities[name].table.get("extends", "")
    while parent in entities and parent not in found:
        found.append(parent)
        parent = entities[parent].table.get("extends", "")
    return found


def _inherited(name: str, key: str, entities: Mapping[str, _Kind]) -> Any:
    """The value of a key that a kind takes from its nearest ancestor when it has none of its own."""
    for one in (name, *_ancestors(name, entities)):
        if key in entities[one].table:
            return entities[one].table[key]
    return None


def _entity(name: str, entities: Mapping[str, _Kind]) -> Iterator[Problem]:
    kind = entities[name]
    known = dict(kind.properties)
    for ancestor in _ancestors(name, entities):
        for prop in sorted(kind.properties.keys() & entities[ancestor].properties.keys()):
            message = f"{name} has a property {prop!r} already, from {ancestor}"
            yield Problem(kind.properties[prop], f"{kind.place}.properties.{prop}", message)
        known |= entities[ancestor].properties
    caption = _inherited(name, "caption", entities)
    if caption is None:
        yield kind.problem("", "needs caption")
    for prop in caption or ():
        if prop not in known:
            yield kind.problem("caption", f"{name} has no property {prop!r}")
    for key in kind.table.get("keys", ()):
        for prop in key:
            if prop not in known:
                yield kind.problem("keys", f"{name} has no property {prop!r}")


def _link(link: _Kind, entities: Mapping[str, _Kind]) -> Iterator[Problem]:
    ends = {end: [kind for kind in link.table[end] if kind != ANY_KIND] for end in ("domain", "range")}
    unknown = [(end, kind) for end, kinds in ends.items() for kind in kinds if kind not in entities]
    for end, kind in unknown:
        yield link.problem(end, f"unknown kind {kind!r}")
    side = link.table.get("side")
    if side is None or unknown:
        return
    if link.table.get("directed") is False:
        yield link.problem("side", "a symmetric link has no side")
    end = "range" if side == "from" else "domain"
    if ANY_KIND in link.table[end] or not all(_inherited(kind, "event", entities) for kind in ends[end]):
        yield link.problem("side", f'a link on the side "{side}" of an event has only event kinds in its {end}')


def _unique(kinds: Mapping[str, _Kind], key: str) -> list[Problem]:
    seen: dict[str, str] = {}
    problems = []
    for kind in kinds.values():
        value = kind.table.get(key)
        if value is not None and (first := seen.setdefault(value.casefold(), kind.place)) != kind.place:
            problems.append(kind.problem(key, f"{value!r} is already the {key} of {first}"))
    return problems


def _list(names: Mapping[str, str]) -> str:
    return ", ".join(sorted(names))
