"""Movements: border crossings, phone subscribers and call records."""

from __future__ import annotations

from loaders.scenario.files import Origin, Row, Table
from loaders.scenario.sources.registers import firm_columns, party
from loaders.scenario.things import Line, Passport, Trip
from loaders.scenario.world import World


def movements(world: World) -> tuple[Table, ...]:
    """One row a traveller, one a number, one a pair of numbers and month."""
    trips = sorted(world.trips, key=lambda trip: (trip.date, trip.booking))
    crossings = [_crossing(trip, paper) for trip in trips for paper in trip.travellers]
    subscribers = [_line(line) for line in world.lines.values()]
    return (
        Table("crossings.csv", Origin("Border crossings", "A2"), crossings),
        Table("subscribers.csv", Origin("Phone subscribers", "B2"), subscribers, "|"),
        Table("calls.csv", Origin("Call records", "B1"), [
            {"record": call.number, "month": call.month, "caller": call.caller.number, "called": call.callee.number,
             "calls": str(call.count), "seconds": str(call.seconds), "warrant": call.warrant}
            for call in world.calls
        ]),
    )  # fmt: skip


def _crossing(trip: Trip, paper: Passport) -> Row:
    person = paper.person
    return {
        "booking": trip.booking,
        "flight": trip.flight,
        "date": _turned(trip.date),
        "origin": trip.origin.locode,
        "destination": trip.destination.locode,
        **firm_columns("agency", trip.agency),
        "passport_country": paper.country,
        "passport_number": paper.number,
        "issued": _turned(paper.issued),
        "expires": _turned(paper.expires),
        "person_code": person.code,
        "given_name": person.given,
        "family_name": person.family,
        "gender": person.gender[0].upper(),
        "nationality": person.nationality,
    }


def _turned(day: str) -> str:
    """The day as this source writes it, 05/03/2024 for the fifth of March."""
    year, month, date = day.split("-")
    return f"{date}/{month}/{year}"


def _line(line: Line) -> Row:
    return {"phone": line.number, "type": line.kind, "since": line.since, **party("subscriber", line.subscriber)}
