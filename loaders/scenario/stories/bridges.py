"""The few who join the stories: an unlicensed hawala house in Dubai, its trading firm, and a shell in Panama.

No single case file shows them whole. The peso broker needs value in Dubai, the smugglers need dollars in Panama, so the
two settle against one another; what is left pays for cameras and cigarettes.
"""

from __future__ import annotations

from dataclasses import dataclass

from loaders.scenario.hubs import Hubs
from loaders.scenario.reports import Voice
from loaders.scenario.things import Account, Firm, Line, Person
from loaders.scenario.world import World


@dataclass(frozen=True, slots=True)
class Bridges:
    """The parties that more than one story meets."""

    halloum: Person
    nephew: Person
    exchange: Firm
    exchange_purse: Account
    costa: Firm
    costa_purse: Account
    istmo: Firm
    istmo_purse: Account
    prepaid: Line
    """The nephew's number, which every story rings."""
    hub_line: Line


def build_bridges(world: World, hubs: Hubs) -> Bridges:
    """The hawala house and its two firms."""
    dubai = world.town("AEDXB")
    home = world.address(dubai)
    halloum = world.person(("Idris", "Halloum"), "male", "1966-01-24", "AE", home)
    nephew = world.person(("Bilal", "Halloum"), "male", "1994-09-12", "AE", world.address(dubai))
    world.relate(halloum, nephew, "uncle and nephew")
    exchange = world.firm("Halloum Textiles", world.address(dubai, "business"), "2011-03-07", "Textiles")
    world.appoint(halloum, exchange, "director", "2011-03-07")
    world.appoint(halloum, exchange, "shareholder", "2011-03-07", share="100")
    costa = world.firm("Costa Azul Trading", world.address(world.town("AEJEA"), "business"), "2022-06-19", "Trading")
    nominee = world.person(("Selim", "Arkounay"), "male", "1989-12-02", "MA", None)
    world.appoint(nominee, costa, "director", "2022-06-19")
    world.appoint(nominee, costa, "shareholder", "2022-06-19", share="100")
    istmo = world.firm("Istmo Azul", hubs.agent_address, "2022-08-30", "Trading", "PA")
    world.appoint(hubs.nominee, istmo, "director", "2022-08-30")
    world.appoint(hubs.agent, istmo, "secretary", "2022-08-30")
    bridges = Bridges(
        halloum=halloum,
        nephew=nephew,
        exchange=exchange,
        exchange_purse=world.account(exchange, "ZGCBAEAD", "2011-04"),
        costa=costa,
        costa_purse=world.account(costa, "ZGCBAEAD", "2022-07-11", "USD"),
        istmo=istmo,
        istmo_purse=world.account(istmo, "ZBINPAPA", "2022-09-20"),
        prepaid=world.line(nephew, "2023-11-02", "prepaid"),
        hub_line=world.line(exchange, "2011-04-01", "landline"),
    )
    _ordinary_calls(world, bridges, hubs)
    _who_owns_costa_azul(world, bridges)
    return bridges


def _ordinary_calls(world: World, bridges: Bridges, hubs: Hubs) -> None:
    """The nephew is not only a criminal's telephone: he rings for taxis and is rung by neighbours."""
    neighbours = [
        line for line in world.lines.values() if line.number.startswith("+971") and line is not bridges.prepaid
    ]
    for place, line in enumerate(neighbours[:4]):
        world.call((line, bridges.prepaid), f"2024-0{place + 2}", place + 1)
    world.call((bridges.prepaid, hubs.taxi), "2024-05", 3)
    world.call((bridges.hub_line, bridges.prepaid), "2024-03", 41, "case:BRAVO")


def _who_owns_costa_azul(world: World, bridges: Bridges) -> None:
    """Three voices on one question: two independent ones agree, a third disagrees."""
    costa, halloum = bridges.costa.id, bridges.halloum.id
    partner = Voice(world, "partner", "B2", ("TLP:AMBER",))
    partner.link("BENEFICIAL_OWNER_OF", halloum, costa, "2022", interest_type="instructions to the nominee")
    partner.entity(
        "Subject", halloum, alias=["إدريس حلوم", "Idriss Hallum"], notes="Runs a hawala house without a licence."
    )
    partner.link("CONTROLS", halloum, bridges.istmo.id, "2022-09", basis="Gives the orders for its account.")
    source = Voice(world, "informants", "C3", ("TLP:AMBER", "case:ALPHA"))
    source.link("BENEFICIAL_OWNER_OF", halloum, costa, "2022", interest_type="said to be the owner")
    source.link("ASSOCIATE_OF", halloum, bridges.nephew.id, basis="The nephew keeps the telephone and the book.")
