"""Ordinary business: goods, invoices and the payments for them; wages, rents and money sent home; takings in cash."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from loaders.scenario.dice import Dice
from loaders.scenario.hubs import Hubs
from loaders.scenario.population import Population
from loaders.scenario.things import Bill, Cash, Firm
from loaders.scenario.world import Freight, World, later

FIRST, LAST = date(2024, 1, 8), date(2025, 6, 20)
"""The days between which ordinary things happen."""


def trade(world: World, hubs: Hubs, people: Population, consignments: int = 64) -> None:
    """Goods between firms of different countries, nearly always invoiced, mostly paid, now and then in dispute."""
    dice = Dice("trade")
    boxes = [world.box() for _ in range(28)]
    for _ in range(consignments):
        seller = dice.pick(people.traders)
        buyer = dice.pick([firm for firm in people.traders if firm.country != seller.country])
        goods = dice.pick(world.atlas.lines[seller.line][1])
        usd = dice.between(9, 160) * 1_000
        quantity = max(1, int(Decimal(usd) / goods.usd))
        day = dice.day(FIRST, LAST).isoformat()
        sent = world.send(
            Freight(
                seller,
                buyer,
                goods,
                quantity,
                day,
                days=0 if dice.chance(0.04) else dice.between(9, 41),
                ship=dice.pick(hubs.fleet),
                box=dice.pick(boxes),
                forwarder=dice.pick(hubs.forwarders) if dice.chance(0.6) else None,
                procedure=dice.pick(("export", "import", "import")),
            )
        )
        if dice.chance(0.92):
            text = f"{quantity} x {goods.description}"
            bill = world.bill(later(day, -3), (seller, buyer), Decimal(sent.amount), text, consignment=sent)
            _settle(world, dice, people, bill)
    for firm in dice.several(people.traders, 14):
        carrier = dice.pick((hubs.albatross, hubs.northquay))
        day = dice.day(FIRST, LAST).isoformat()
        _settle(world, dice, people, world.bill(day, (carrier, firm), dice.between(2, 19) * 450, "Ocean freight"))


def _settle(world: World, dice: Dice, people: Population, bill: Bill) -> None:
    """The buyer pays the invoice in full, within two months, in nine cases of ten."""
    if dice.chance(0.9):
        ends = people.purse[bill.buyer.id], people.purse[bill.seller.id]
        day = later(bill.date, dice.between(5, 60))
        world.pay(day, ends, Decimal(bill.amount), f"Invoice {bill.number}", bill.number)


def household_money(world: World, people: Population) -> None:
    """Wages, rents, fees and remittances: many small sums with nothing behind them."""
    dice = Dice("household money")
    purse = people.purse
    for job in world.jobs:
        if job.firm.id in purse and job.person.id in purse and dice.chance(0.7):
            day = dice.day(FIRST, LAST).isoformat()
            world.pay(day, (purse[job.firm.id], purse[job.person.id]), dice.between(14, 62) * 100, "Salary")
    adults = [person for family in people.families for person in family[:2] if person.id in purse]
    landlords = [
        firm for firm in people.services if firm.line in ("Property", "Dental Care", "Garage") and firm.id in purse
    ]
    for person in dice.several(adults, 34):
        near = [firm for firm in landlords if firm.country.code == person.nationality]
        if near:
            day = dice.day(FIRST, LAST).isoformat()
            firm = dice.pick(near)
            purpose = "Rent" if firm.line == "Property" else "Account settled"
            world.pay(day, (purse[person.id], purse[firm.id]), dice.between(4, 19) * 100, purpose)
    for sender in dice.several([person for person in adults if person.nationality in ("AE", "US", "GB")], 8):
        receiver = dice.pick([person for person in adults if person.nationality in ("BD", "CO", "TR")])
        for month in dice.several(range(1, 13), dice.between(1, 3)):
            world.pay(
                f"2024-{month:02d}-05", (purse[sender.id], purse[receiver.id]), dice.between(2, 6) * 100, "Family"
            )


def takings(world: World, people: Population) -> None:
    """Shops that bank their takings just under ten thousand, and travellers who declare what they carry."""
    dice = Dice("takings")
    shops = [
        firm for firm in people.services if firm.country.code == "US" and firm.line in ("Catering", "Bakery", "Laundry")
    ]
    for firm in shops[:2]:
        keeper = next((post.person for post in world.posts if post.firm is firm), None)
        for week in range(6):
            day = later("2024-03-04", 7 * week)
            amount = f"{dice.between(74, 98) * 100 + dice.below(100)}.00"
            account = people.purse[firm.id]
            if keeper is not None and not isinstance(keeper, Firm):
                world.deposit(day, keeper, account, amount)
    for person in dice.several(
        [family[0] for family in people.families if family[0].nationality in ("GB", "HK", "DE")], 4
    ):
        origin = person.home.town if person.home else world.town("GBLON")
        cash = Cash(
            number=world.fresh("CTR#######"),
            date=dice.day(FIRST, LAST).isoformat(),
            courier=person,
            amount=f"{dice.between(11, 24) * 1_000}.00",
            currency="USD",
            origin=origin,
            destination=world.town("AEDXB"),
        )
        world.cash.append(cash)
