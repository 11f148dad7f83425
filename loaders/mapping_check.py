"""Checks a mapping against the ontology and the columns of a file, before a row is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from graph_service.errors import InvalidValue, UnknownKind
from graph_service.model.grades import parse_grade
from graph_service.model.ontology import EntityKind, LinkKind, Ontology
from graph_service.model.scope import check_marking
from graph_service.model.values import normalise
from loaders.mapping import DATES, EntityRule, LinkRule, MappingFile, Said, Value
from loaders.problems import Problem, near, raise_problems


def check_mapping(mapping: MappingFile, ontology: Ontology, columns: Mapping[str, Sequence[str]] | None = None) -> None:
    """Raise MappingError with every problem and its line: unknown kinds, properties and columns (with near misses),
    values that do not fit their type, links that the ontology does not allow or whose ends are not declared.

    ``columns`` are the columns of the file by array ("" for the one table of a CSV file); without them, and for JSON,
    whose objects may leave keys out, columns are not checked.
    """
    problems = [*_entities(mapping, ontology), *_links(mapping, ontology), *_defaults(mapping)]
    if columns is not None:
        problems += _columns(mapping, columns)
    raise_problems(mapping.name, mapping.lines, problems)


def possible_kinds(kind: Value | None) -> tuple[str, ...]:
    """The kinds a rule may choose: the constant, or all that its table names; none for a reference of any kind."""
    if kind is None:
        return ()
    chosen = [*kind.constants, *(kind.table or {}).values(), *([kind.otherwise] if kind.otherwise else [])]
    return tuple(dict.fromkeys(chosen))


def _entities(mapping: MappingFile, ontology: Ontology) -> Iterator[Problem]:
    for rule in mapping.entities.values():
        yield from _kind_form(rule)
        kinds: list[EntityKind] = []
        for name in possible_kinds(rule.kind):
            try:
                kinds.append(ontology.entity_kind(name))
            except UnknownKind as error:
                yield Problem(f"{rule.at}.kind", str(error))
        yield from _rule(rule, kinds, mapping)


def _links(mapping: MappingFile, ontology: Ontology) -> Iterator[Problem]:
    for rule in mapping.links:
        yield from _kind_form(rule)
        kinds: list[LinkKind] = []
        for name in (*possible_kinds(rule.kind), *([rule.fallback] if rule.fallback else [])):
            try:
                kinds.append(ontology.link_kind(name))
            except UnknownKind as error:
                yield Problem(f"{rule.at}.{'fallback' if name == rule.fallback else 'kind'}", str(error))
        yield from _rule(rule, kinds, mapping)
        ends: list[EntityRule] = []
        for side, alias in (("source", rule.source), ("target", rule.target)):
            end = mapping.entities.get(alias)
            if end is None:
                hint = near(alias, mapping.entities)
                yield Problem(f"{rule.at}.{side}", f"there is no [entity.{alias}] in this mapping{hint}")
            elif end.rows != rule.rows:
                yield Problem(f"{rule.at}.{side}", f"entity {alias!r} is made from other rows ({end.rows!r})")
            else:
                ends.append(end)
        if len(ends) == 2:
            yield from _ends(rule, ends[0], ends[1], ontology)


def _ends(rule: LinkRule, source: EntityRule, target: EntityRule, ontology: Ontology) -> Iterator[Problem]:
    """A link kind that fits none of the kinds its ends may have; a mere possibility is left to each row."""
    sources, targets = possible_kinds(source.kind), possible_kinds(target.kind)
    if not sources or not targets:
        return
    for name in possible_kinds(rule.kind):
        try:
            fits = any(ontology.allows(name, one, other) for one in sources for other in targets)
        except UnknownKind:
            continue
        if not fits and not rule.fallback:
            kind = ontology.link_kind(name)
            yield Problem(
                rule.at,
                f"{name} goes from {' or '.join(kind.domain)} to {' or '.join(kind.range)}, "
                f"not from {' or '.join(sources)} to {' or '.join(targets)}",
            )


def _kind_form(rule: EntityRule | LinkRule) -> Iterator[Problem]:
    kind = rule.kind
    if kind is None or kind.constants:
        if kind and len(kind.constants) > 1:
            yield Problem(kind.at, "one kind, or a column with a table of kinds")
    elif not kind.column or not kind.table or kind.keep:
        yield Problem(kind.at, 'a kind that comes from a column needs a table, such as table = { P = "Subject" }')


def _rule(
    rule: EntityRule | LinkRule, kinds: Sequence[EntityKind] | Sequence[LinkKind], mapping: MappingFile
) -> Iterator[Problem]:
    known = {name: prop.type for kind in kinds for name, prop in kind.properties.items()}
    for name, values in rule.properties.items():
        at = f"{rule.at}.properties.{name}"
        if name in known:
            for value in values:
                yield from _value(value, known[name], mapping)
        elif kinds:
            which = " or ".join(kind.name for kind in kinds)
            yield Problem(at, f"{which} has no property {name!r}{near(name, known)}")
    yield from _said(rule.said, mapping)
    if mapping.file.format != "json" and rule.rows:
        yield Problem(f"{rule.at}.rows", 'rows is for JSON documents (format = "json" in [file])')


def _said(said: Said, mapping: MappingFile) -> Iterator[Problem]:
    for value in (said.valid_from, said.valid_to):
        if value:
            yield from _value(value, "datetime", mapping)
    for value, check in ((said.grade, parse_grade), (said.markings, check_marking)):
        for text in (*value.constants, *(value.table or {}).values()) if value else ():
            try:
                check(text)
            except InvalidValue as error:
                yield Problem(value.at if value else "", str(error))


def _value(value: Value, type_name: str, mapping: MappingFile) -> Iterator[Problem]:
    if value.formats and type_name not in DATES:
        yield Problem(value.at, f"a date format, but the property is of type {type_name}")
    if (value.country or value.country_column) and type_name != "phone":
        yield Problem(value.at, f"a country to read phone numbers, but the property is of type {type_name}")
    yield from _formats(value.at, value.formats)
    replaced = [*(value.table or {}).values(), *([value.otherwise] if value.otherwise else [])]
    for text in (*value.constants, *filter(None, replaced)):
        dated = type_name in DATES and text not in value.constants  # read by the format, like the column's own texts
        try:
            if not dated:
                normalise(type_name, text, country=value.country or mapping.file.country)
        except InvalidValue as error:
            yield Problem(value.at, str(error))


def _formats(at: str, formats: Sequence[str]) -> Iterator[Problem]:
    for date_format in formats:
        try:
            datetime.strptime(datetime(2001, 2, 3).strftime(date_format), date_format)  # noqa: DTZ001, DTZ007 - no zone
        except ValueError:
            yield Problem(at, f"not a date format: {date_format!r}")


def _defaults(mapping: MappingFile) -> Iterator[Problem]:
    """What [file] and the properties say about reading dates and phone numbers."""
    yield from _formats("file.date_format", mapping.file.date_formats)
    given = [value for rule in mapping.rules() for values in rule.properties.values() for value in values]
    for at, country in [("file.country", mapping.file.country), *((value.at, value.country) for value in given)]:
        try:
            if country:
                normalise("country", country)
        except InvalidValue as error:
            yield Problem(at, str(error))


def _columns(mapping: MappingFile, columns: Mapping[str, Sequence[str]]) -> Iterator[Problem]:
    for rule in mapping.rules():
        present = columns.get(rule.rows, ())
        named = [(f"{rule.at}.id", piece.column) for piece in rule.id if piece.column]
        named += [(condition.at, condition.column) for condition in rule.when]
        given = [value for values in rule.properties.values() for value in values]
        for value in (*given, *rule.said.values(), *((rule.kind,) if rule.kind else ())):
            named += [(value.at, column) for column in value.columns()]
        for at, column in named:
            if column not in present:
                yield Problem(at, f"the file has no column {column!r}{near(column, present)}")
