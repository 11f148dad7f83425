"""How a value type says no: one sentence for the person who loads the file, with the value in quotes."""

from graph_service.errors import InvalidValue

_SHOWN = 60


def refused(reason: str, text: str) -> InvalidValue:
    """The error to raise: the reason and the value, long ones cut to 60 characters."""
    return InvalidValue(f"{reason}: {text!r}" if len(text) <= _SHOWN else f"{reason}: {text[:_SHOWN]!r}...")
