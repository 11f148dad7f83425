"""What everybody touches: carriers, forwarders, a formation agent, a taxi office. They connect people without meaning.

A path that runs through one of these is a false shortcut; the stories use them as ordinary customers do.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from loaders.scenario.numbers import imo
from loaders.scenario.things import Address, Firm, Line, Person, Ship
from loaders.scenario.world import World


@dataclass(frozen=True, slots=True)
class Hubs:
    """The public places of the world; ``fleet`` holds the ships in service under their present names."""

    agent: Firm
    agent_address: Address
    nominee: Person
    albatross: Firm
    northquay: Firm
    fleet: tuple[Ship, ...]
    calypso: Ship
    forwarders: tuple[Firm, ...]
    taxi: Line


def build_hubs(world: World) -> Hubs:
    """The hubs, before anybody else is there."""
    quay = Address("18 Quayside Row, Suite 4", world.town("GBLON"), "registered agent")
    agent = world.firm("Harbour Gate Formations", quay, "2009-05-11", "Company Formation")
    agent = world.revise(agent, services="registered agent")
    home = world.address(world.town("GBLON"))
    nominee = world.person(("Crispin", "Vellacott"), "male", "1958-08-30", "GB", home)
    world.appoint(nominee, agent, "director", "2009-05-11")
    albatross, northquay = (
        _carrier(world, "Albatross Meridian Lines", "MTMLA"),
        _carrier(world, "Northquay Box Line", "DEHAM"),
    )
    calypso, *others = _fleet(world, albatross, northquay)
    taxi = world.firm(
        "Creek Lamp Taxi Office", world.address(world.town("AEDXB"), "business"), "2012-02-20", "Taxi Office"
    )
    return Hubs(
        agent=agent,
        agent_address=quay,
        nominee=nominee,
        albatross=albatross,
        northquay=northquay,
        fleet=(calypso, *others),
        calypso=calypso,
        forwarders=tuple(
            _forwarder(world, name, town)
            for name, town in (
                ("Jebel Gate Forwarding", "AEJEA"),
                ("Kaai en Kraan Expeditie", "NLRTM"),
                ("Lantern Pier Logistics", "HKHKG"),
                ("Istmo Carga", "PAMIT"),
            )
        ),
        taxi=world.line(taxi, "2012-03-01", "landline"),
    )


def _carrier(world: World, name: str, town: str) -> Firm:
    firm = world.firm(name, world.address(world.town(town), "business"), "1998-04-02", "Liner Shipping")
    return world.revise(firm, services="carrier")


def _forwarder(world: World, name: str, town: str) -> Firm:
    firm = world.firm(name, world.address(world.town(town), "business"), "2006-09-14", "Freight Forwarding")
    return world.revise(firm, services="freight forwarder")


def _fleet(world: World, albatross: Firm, northquay: Firm) -> list[Ship]:
    """Eight ships; the first changed its name and flag when Albatross bought it."""
    ships = []
    names = ("Calypso Star", "Meridian Heron", "Meridian Plover", "Meridian Tern", "Meridian Wren")
    for place, name in enumerate((*names, "Northquay Alma", "Northquay Brida", "Northquay Cato")):
        owner = albatross if place < len(names) else northquay
        flag = owner.country
        mmsi = world.fresh("248######" if flag.code == "MT" else "211######")
        ships.append(
            Ship(imo(71_040 + 37 * place), name, flag, mmsi, owner, owner, 21_000 + 1_700 * place, "2004", "2016-01-15")
        )
    ships[0] = replace(ships[0], since="2023-06-01")
    petrel = replace(
        ships[0], name="Nordic Petrel", flag=world.country("PA"), mmsi=world.fresh("351######"), owner=northquay,
        operator=northquay, since="2011", until="2023-05",
    )  # fmt: skip
    world.ships += [petrel, *ships]
    return ships
