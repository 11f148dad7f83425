"""Refusing a shared condition that makes no sense for a question, by its name: none is passed over in silence."""

from __future__ import annotations

from collections.abc import Iterable

from queries.question import Parameters

WHOLE_WAY = ("via", "via_any", "in_order", "via_country", "among", "borders", "leaves", "enters")
"""The conditions on a way as a whole: where it is asked what is there, no single way is judged."""


def refuse(asked: Parameters, names: Iterable[str], why: str) -> None:
    """Raises ValueError, which becomes InvalidParameter, when one of these parameters was given a value of its own."""
    fields = type(asked).model_fields
    given = [name for name in names if getattr(asked, name) != fields[name].default]
    if given:
        raise ValueError(f"{', '.join(given)}: {why}")
