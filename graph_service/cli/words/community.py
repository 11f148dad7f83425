"""One group in words: a sentence that says what it is, then the figures, and who and what holds it together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from graph_service.cli.facts import Json
from graph_service.cli.show import clean
from graph_service.cli.words.told import Tell, Told, many
from viz.captions import amount_text

_NAMED, _KINDS, _COUNTRIES = 3, 4, 8


def community(told: Told, result: Json) -> Iterator[str]:
    """The group of an entity."""
    group = result["community"]
    if group is None:
        yield f"The time was up before the group of {told.name(result['entity'])} was found; ask with more, or of less."
        return
    yield f"{_sentence(told, group)}."
    yield ""
    yield f"Group of {told.full(result['entity'])} ({result['algorithm']}): {_figures(group)}"
    yield from _listed("Key members", (_key(told, one) for one in group["key_members"]))
    yield from _listed(
        "Who holds it together", (f"{told.name(one['id'])}: {_cut_off(one)}" for one in group["cut_members"])
    )
    yield from _listed("Strongest ties", (_tie(told, one["one"], one["other"], one) for one in group["strongest"]))
    yield from _listed("Money", map(_money, group["money"]))
    yield from _listed(
        "Ties that leave it", (_tie(told, one["member"], one["outside"], one) for one in group["bridges"])
    )
    yield from _listed(
        "Groups nearby", (f"that of {told.name(one['id'])}: {many(one['ties'], 'tie')}" for one in group["neighbours"])
    )


def countries(members: Mapping[str, int]) -> str:
    """The first countries with how many members each has, and how many more there are."""
    told = [f"{clean(code)} {number:,}" for code, number in members.items()]
    return ", ".join(told[:_COUNTRIES]) + (f" and {len(told) - _COUNTRIES:,} more" if len(told) > _COUNTRIES else "")


def in_a_row(parts: Sequence[str]) -> str:
    """Parts as a sentence lists them."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def _sentence(told: Told, group: Json) -> str:
    parties = [kind for kind in group["kinds"] if told.names.is_party(kind)]
    kinds = [told.names.counted(kind, group["kinds"][kind]) for kind in parties[:_KINDS]]
    others = group["group"]["size"] - sum(group["kinds"][kind] for kind in parties[:_KINDS])
    if others:
        kinds.append(many(others, "other" if kinds else "thing"))
    said = group["countries"]
    where = f" in {many(len(said), 'country', 'countries')} ({countries(said)})" if said else ""
    days = list(dict.fromkeys(group[end] for end in ("first_day", "last_day") if group[end]))
    when = f", active {'on' if len(days) == 1 else 'from'} {' to '.join(days)}" if days else ""
    return f"Group of {in_a_row(kinds)}{where}{when}{_held(told, group)}"


def _held(told: Told, group: Json) -> str:
    if group["group"]["size"] < 2:
        return ""
    if group["cut_members"]:
        cuts = sorted(group["cut_members"], key=lambda one: not told.is_party(one["id"]))
        return f", held together by {in_a_row([told.name(one['id']) for one in cuts[:_NAMED]])}"
    core = group["core"]
    return f", held together by a core of {core['members']:,}, each tied to {core['k']:,} or more of the others"


def _figures(group: Json) -> str:
    share = group["conductance"]
    leaving = f"{group['leaving']:,} that leave it" + (f" (conductance {share:.3f})" if share is not None else "")
    core = f"core of {many(group['core']['members'], 'member')} with {many(group['core']['k'], 'tie')} each"
    return f"{many(group['group']['size'], 'member')}, {many(group['ties'], 'tie')} among them, {leaving}; {core}."


def _listed(heading: str, lines: Iterable[str]) -> Iterator[str]:
    told = list(lines)
    if told:
        yield f"{heading}:"
        yield from (f"{number:>3}. {line}" for number, line in enumerate(told, 1))


def _key(told: Told, one: Json) -> str:
    outside = f" and {many(one['outside'], 'other')} outside" if one["outside"] else ""
    return f"{told.name(one['id'])}: tied to {many(one['inside'], 'member')}{outside} [{clean(one['id'])}]"


def _cut_off(one: Json) -> str:
    return f"without, {many(one['cut_off'], 'member')} would be cut off"


def _tie(told: Told, one: str, other: str, tie: Json) -> str:
    weight, by = tie["weight"], told.answer["parameters"]["weight"]
    counted = many(int(weight), "link") if by == "links" else f"weight {weight:,.3f} by {by}"
    return f"{told.name(one)} – {told.name(other)}: {counted}"


def _money(sums: Json) -> str:
    parts = [
        f"{amount_text(format(Decimal(repr(sums[side])).normalize(), 'f'), sums['currency'])} {words}"
        for side, words in (("within", "within the group"), ("into", "into it"), ("out", "out of it"))
        if sums[side]
    ]
    unnamed = "" if sums["currency"] else ", of no single currency"
    return f"{in_a_row(parts) or 'nothing'} ({many(sums['movements'], 'movement')}{unnamed})"


TELL: Mapping[str, Tell] = {"community": community}
