"""``find``: who or what is called so? By text, kind, country or identifier; typing errors, accents and case forgiven.

Every word asked for must be met in the same record (see ``network.text_index`` for what meets a word). The score is
the mean over the words asked, a little higher the less else the record's text holds, from 0 to 1; an entity has the
score of its best record.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import LiteralString, cast

import numpy as np
import numpy.typing as npt
from pydantic import Field, model_validator

from graph_service.model.answer import Finding
from graph_service.model.text import fold
from graph_service.network.budget import Budget
from graph_service.network.columns import Ints
from graph_service.network.text_index import PREFIX_LEAST, edits_allowed, word_score
from graph_service.network.view import View
from queries.pushdown import RECORD_SEEN, Pushdown
from queries.question import Parameters, Question

TEXT_WEIGHT, COVER_WEIGHT = 0.9, 0.1


class FindParameters(Parameters):
    """What to look for; at least one of text, identifier, kind and country."""

    text: str = Field(default="", max_length=1_000, description="Words of a name, address, number ...")
    identifier: str = Field(default="", max_length=200, description="A whole identifier, spaces and dashes forgiven")
    kind: str | None = Field(default=None, description="Only entities of this kind or one below it")
    country: str | None = Field(
        default=None, pattern="^[A-Za-z]{2}$", description="Only entities of this country (ISO 3166 alpha-2)"
    )
    limit: int = Field(default=20, ge=1, le=1_000, description="Hits at the most")

    @model_validator(mode="after")
    def _asks_something(self) -> FindParameters:
        if not (self.words or self.kind or self.country):
            raise ValueError("say what to look for: text, identifier, kind or country")
        return self

    @property
    def words(self) -> tuple[str, ...]:
        """The folded words asked for; an identifier is one word without its spaces."""
        squeezed = fold(self.identifier).replace(" ", "")
        return tuple(dict.fromkeys([*fold(self.text).split(), *([squeezed] if squeezed else [])]))


@dataclass(frozen=True, slots=True)
class Hit:
    """An entity found, with its score from 0 to 1."""

    id: str
    score: float


@dataclass(frozen=True, slots=True)
class FindResult:
    """The hits, best first, then by id; ``total`` counts all that matched."""

    hits: tuple[Hit, ...]
    total: int


def in_memory(view: View, asked: FindParameters, budget: Budget) -> Finding[FindResult]:
    """By the word index."""
    network = view.network
    records, met = _records_met(view, asked)
    seen = view.entity_seen[records] & view.nodes[network.entity_of[records]]
    records, met = records[seen], met[seen]
    budget.spend(len(records))
    entities, place = np.unique(network.entity_of[records], return_inverse=True)
    score = np.zeros(len(entities))
    np.maximum.at(score, place, met)
    allowed = view.of_kinds(asked.kind)[entities]
    if asked.country:
        allowed &= view.bearing(asked.country.upper().__eq__)[entities]
    entities, score = entities[allowed], score[allowed]
    least = np.partition(score, -asked.limit)[-asked.limit] if len(score) > asked.limit else 0.0
    best = np.flatnonzero(score >= least)
    best = best[np.lexsort((network.id_rank[entities[best]], -score[best]))][: asked.limit]
    hits = tuple(Hit(network.entity_id(int(entities[n])), float(score[n])) for n in best)
    return _finding(hits, len(entities), asked, budget)


def _records_met(view: View, asked: FindParameters) -> tuple[Ints, npt.NDArray[np.float64]]:
    """The records in which every word asked for is met, and their scores."""
    index = view.network.text_index
    if not asked.words:
        return np.arange(len(index.size), dtype=np.int32), np.ones(len(index.size))
    records, total = index.records_of(asked.words[0])
    for word in asked.words[1:]:
        others, score = index.records_of(word)
        records, mine, theirs = np.intersect1d(records, others, assume_unique=True, return_indices=True)
        total = total[mine] + score[theirs]
    cover = len(asked.words) / np.maximum(index.size[records], len(asked.words))
    return records, np.round(TEXT_WEIGHT * total / len(asked.words) + COVER_WEIGHT * cover, 6)


def on_networkx(view: View, asked: FindParameters, budget: Budget) -> Finding[FindResult]:
    """By reading the text of every visible record; the rule itself, without an index."""
    network, graph = view.network, view.graph
    texts, codes = network.texts.to_pylist(), network.codes.to_pylist()
    rows = (
        (network.entity_id(int(network.entity_of[record])), str(texts[record]), str(codes[record]))
        for record in np.flatnonzero(view.entity_seen)
    )
    kinds = None if asked.kind is None else network.ontology.descendants(network.ontology.entity_kind(asked.kind).name)
    allowed = {node for node, said in graph.nodes(data="kinds") if kinds is None or kinds & said}
    return _scored(rows, allowed, asked, budget)


CANDIDATES: LiteralString = (
    "CALL db.index.fulltext.queryNodes('record_text', $query) YIELD node AS e WHERE "
    + RECORD_SEEN
    + " RETURN e.entity_id AS id, e.text AS text, e.codes AS codes, e.kind AS kind"
)
ALL_RECORDS: LiteralString = (
    "MATCH (e:EntityRecord) WHERE "
    + RECORD_SEEN
    + " AND ($country IS NULL OR $country IN split(e.codes, ' '))"
    + " RETURN e.entity_id AS id, e.text AS text, e.codes AS codes, e.kind AS kind"
)
SAID: LiteralString = (
    "MATCH (e:EntityRecord) WHERE e.entity_id IN $ids AND "
    + RECORD_SEEN
    + " RETURN e.entity_id AS id, e.kind AS kind, e.codes AS codes"
)


def on_neo4j(pushdown: Pushdown, asked: FindParameters, budget: Budget) -> Finding[FindResult]:
    """The full-text index gives the candidates, the same rule scores them."""
    country = asked.country.upper() if asked.country else None
    if asked.words:
        rows = pushdown.rows(CANDIDATES, query=" AND ".join(_lucene(word) for word in asked.words))
    else:
        rows = pushdown.rows(ALL_RECORDS, country=country)
    texts = [(str(row["id"]), str(row["text"]), "") for row in rows]
    said = pushdown.rows(SAID, ids=sorted({entity for entity, _, _ in texts}))
    texts += [(str(row["id"]), "", str(row["codes"])) for row in said]
    kinds = None
    if asked.kind is not None:
        kinds = pushdown.ontology.descendants(pushdown.ontology.entity_kind(asked.kind).name)
    allowed = {str(row["id"]) for row in said if kinds is None or cast("str", row["kind"]) in kinds}
    return _scored(texts, allowed, asked, budget)


def _lucene(word: str) -> str:
    """A word as a Lucene clause: the same, a beginning, or within the edits allowed. Folded words hold no syntax."""
    clauses = [f'"{word}"']
    if len(word) >= PREFIX_LEAST:
        clauses.append(f"{word}*")
    if edits_allowed(word):
        clauses.append(f"{word}~{edits_allowed(word)}")
    return "(" + " OR ".join(clauses) + ")"


def _scored(
    rows: Iterable[tuple[str, str, str]], allowed: set[str], asked: FindParameters, budget: Budget
) -> Finding[FindResult]:
    """Hits from (entity id, text, codes) of visible records."""
    score: dict[str, float] = {}
    codes: dict[str, set[str]] = {}
    for entity, text, said in rows:
        if not budget.spend(1):
            break
        codes.setdefault(entity, set()).update(said.split())
        one = text_score(asked.words, text)
        if one:
            score[entity] = max(score.get(entity, 0.0), one)
    wanted = asked.country.upper() if asked.country else None
    found = {e: s for e, s in score.items() if e in allowed and (wanted is None or wanted in codes[e])}
    ordered = sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))
    return _finding(tuple(Hit(e, s) for e, s in ordered[: asked.limit]), len(ordered), asked, budget)


def text_score(words: tuple[str, ...], text: str) -> float:
    """The score of one record's folded text for the words asked; 0 when a word is not met."""
    there = text.split()
    if not words:
        return 1.0
    total = 0.0
    for word in words:
        best = max((word_score(word, other) for other in there), default=0.0)
        if not best:
            return 0.0
        total += best
    cover = len(words) / max(len(there), len(words))
    return float(np.round(TEXT_WEIGHT * total / len(words) + COVER_WEIGHT * cover, 6))  # as arrays add and round


def _finding(hits: tuple[Hit, ...], total: int, asked: FindParameters, budget: Budget) -> Finding[FindResult]:
    return Finding.of(
        FindResult(hits, total),
        (hit.id for hit in hits),
        truncated=budget.exhausted or total > asked.limit,
        explored=budget.explored,
    )


QUESTION = Question(
    name="find",
    summary="Who or what is called so? By text, kind, country or identifier, typing errors forgiven.",
    parameters=FindParameters,
    memory=in_memory,
    networkx=on_networkx,
    neo4j=on_neo4j,
    compiled=(),
    example={"text": "Qiroga Marta"},
)
