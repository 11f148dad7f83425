"""The world while it is being built: everything that is and happens, and the hands that add to it.

Nothing here decides what happens; the background and the stories do. The world hands out numbers, keeps them unique
and remembers every thing in the order it came to be.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal

from loaders.ids import slug
from loaders.scenario.atlas import Atlas, Bank, Country, Goods, Town, atlas
from loaders.scenario.dice import Dice
from loaders.scenario.numbers import container, iban
from loaders.scenario.things import (
    Account,
    Address,
    Bill,
    Call,
    Cash,
    Consignment,
    Firm,
    Job,
    Kinship,
    Line,
    Party,
    Passport,
    Payment,
    Person,
    Post,
    Ship,
    Trip,
)

_IBAN_FILL = {
    "GB": "##############",
    "NL": "##########",
    "DE": "##########",
    "GR": "0##################0",
    "TR": "0################",
    "AE": "################",
    "CY": "000##################",
}
_REGISTERS = {
    "US": "L24#######",
    "GB": "16######",
    "CO": "9015#####-#",
    "PA": "1557#####",
    "AE": "FZ-2#####",
    "HK": "30######",
    "SG": "2022#####K",
    "GR": "1659########",
    "DE": "HRB-1#####",
    "CY": "HE-43####",
    "MT": "C-10####",
}


@dataclass(frozen=True, slots=True)
class Freight:
    """What is to be shipped and how; what is left open follows from the rest.

    ``days`` is how long it takes, 0 for an arrival that nobody recorded; ``destination`` is the country declared, that
    of the port of discharge unless the papers say another.
    """

    shipper: Firm
    consignee: Firm
    goods: Goods
    quantity: int
    day: str
    days: int
    ship: Ship | None = None
    box: str = ""
    loading: str = ""
    discharge: str = ""
    destination: str = ""
    notify: Firm | None = None
    forwarder: Firm | None = None
    procedure: str = "export"
    usd: int = 0


@dataclass
class World:
    """Everything that is and happens."""

    dice: Dice = field(default_factory=lambda: Dice("numbers"))
    atlas: Atlas = field(default_factory=atlas)
    people: dict[str, Person] = field(default_factory=dict)
    firms: dict[str, Firm] = field(default_factory=dict)
    posts: list[Post] = field(default_factory=list)
    families: list[Kinship] = field(default_factory=list)
    jobs: list[Job] = field(default_factory=list)
    accounts: dict[str, Account] = field(default_factory=dict)
    signatories: list[tuple[Person, Account]] = field(default_factory=list)
    payments: list[Payment] = field(default_factory=list)
    cash: list[Cash] = field(default_factory=list)
    ships: list[Ship] = field(default_factory=list)
    consignments: list[Consignment] = field(default_factory=list)
    bills: list[Bill] = field(default_factory=list)
    passports: dict[str, Passport] = field(default_factory=dict)
    trips: list[Trip] = field(default_factory=list)
    lines: dict[str, Line] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    said: dict[str, list[dict[str, object]]] = field(default_factory=dict)
    _taken: set[str] = field(default_factory=set)

    def country(self, code: str) -> Country:
        """The country of that code."""
        return self.atlas.countries[code]

    def town(self, locode: str) -> Town:
        """The town of that UN/LOCODE."""
        return self.atlas.towns[locode]

    def fresh(self, pattern: str) -> str:
        """A text after the pattern, each ``#`` a digit, that was not handed out before."""
        while (text := self.dice.fill(pattern)) in self._taken:
            pass
        self._taken.add(text)
        return text

    def address(self, town: Town, use: str = "home") -> Address:
        """A new address in one of the town's streets."""
        while True:
            place = Address(f"{self.dice.between(1, 240)} {self.dice.pick(town.streets)}", town, use)
            if place.id not in self._taken:
                self._taken.add(place.id)
                return place

    def person(self, name: tuple[str, str], gender: str, birth: str, nationality: str, home: Address | None) -> Person:
        """A new person; a namesake of somebody gets the year of birth into the person code."""
        code = slug(" ".join(name))
        if code in self.people:
            code = f"{code}-{birth[:4]}"
        person = Person(code, *name, gender, birth, nationality, home)
        self.people[code] = person
        return person

    def firm(self, name: str, address: Address, founded: str, line: str, country: str = "") -> Firm:
        """A new firm, registered in the country of its address unless another is named."""
        code = country or address.town.country.code
        number = self.fresh(_REGISTERS.get(code, "7#######"))
        form = self.atlas.forms[code]
        firm = Firm(number, self.country(code), f"{name} {form}", founded, address, line)
        self.firms[firm.id] = firm
        return firm

    def revise(self, firm: Firm, *, services: str = "", closed: str = "") -> Firm:
        """The same firm with its services or its end put on record; later things must be given this value."""
        revised = replace(firm, services=services, closed=closed)
        self.firms[firm.id] = revised
        return revised

    def appoint(self, person: Party, firm: Firm, role: str, since: str, **dated: str) -> None:
        """Give somebody a post in a firm."""
        self.posts.append(Post(person, firm, role, since, **dated))

    def relate(self, one: Person, other: Person, relation: str) -> None:
        """Make two people family."""
        self.families.append(Kinship(one, other, relation))

    def hire(self, person: Person, firm: Firm, role: str, since: str) -> None:
        """Give somebody a job."""
        self.jobs.append(Job(person, firm, role, since))

    def account(self, holder: Party, bank: str, opened: str, currency: str = "") -> Account:
        """A new account with a bank, in the currency of its country unless another is named."""
        keeper = self.atlas.banks[bank]
        number, is_iban = self._account_number(keeper)
        account = Account(number, is_iban, keeper, holder, currency or keeper.country.currency, opened)
        self.accounts[number] = account
        return account

    def _account_number(self, bank: Bank) -> tuple[str, bool]:
        fill = _IBAN_FILL.get(bank.country.code)
        if fill is None:
            return f"{bank.code}-{self.fresh('7#########')}", False
        return iban(bank.country.code, bank.code, self.fresh(fill)), True

    def pay(self, day: str, ends: tuple[Account, Account], usd: Decimal | int, purpose: str, bill: str = "") -> Payment:
        """A transfer of so many US dollars, in the currency of the payee's account."""
        currency = ends[1].currency
        amount = self.atlas.amount(Decimal(usd), currency)
        payment = Payment(self.fresh("TRX########"), day, *ends, amount, currency, purpose, bill)
        self.payments.append(payment)
        return payment

    def deposit(self, day: str, courier: Person, account: Account, amount: str) -> Cash:
        """Cash paid over the counter into an account, in the town of its bank."""
        cash = Cash(
            self.fresh("CTR#######"), day, courier, amount, account.currency, account.bank.town, account=account
        )
        self.cash.append(cash)
        return cash

    def line(self, subscriber: Party, since: str, kind: str = "mobile", country: str = "") -> Line:
        """A new phone number of the subscriber's country, unless another is named."""
        home = self.country(country) if country else self._home(subscriber)
        line = Line(self.fresh(home.dial), subscriber, since, kind)
        self.lines[line.number] = line
        return line

    def _home(self, party: Party) -> Country:
        if isinstance(party, Firm):
            return party.address.town.country
        return party.home.town.country if party.home else self.country(party.nationality)

    def call(self, ends: tuple[Line, Line], month: str, count: int, warrant: str = "") -> Call:
        """Calls from the first to the second number in a month."""
        seconds = count * self.dice.between(25, 260)
        call = Call(self.fresh("CDR#######"), month, *ends, count, seconds, warrant)
        self.calls.append(call)
        return call

    def passport(self, person: Person, issued: str, country: str = "", number: str = "") -> Passport:
        """A passport of the person's nationality, unless another state is named, good for ten years."""
        state = country or person.nationality
        expires = f"{int(issued[:4]) + 10}{issued[4:]}"
        passport = Passport(state, number or self.fresh(f"{state[0]}X7######"), person, issued, expires)
        self.passports[passport.id] = passport
        return passport

    def trip(
        self, day: str, ends: tuple[str, str], travellers: tuple[Passport, ...], agency: Firm | None = None
    ) -> Trip:
        """A booking on a flight from one town to another, for all of the travellers."""
        booking, flight = self.fresh("Q#K#Z#"), self.fresh("ZX####")
        trip = Trip(booking, flight, day, self.town(ends[0]), self.town(ends[1]), travellers, agency)
        self.trips.append(trip)
        return trip

    def send(self, freight: Freight) -> Consignment:
        """Goods on their way, with the papers that go with them."""
        loading = self.town(freight.loading) if freight.loading else freight.shipper.address.town
        discharge = self.town(freight.discharge) if freight.discharge else freight.consignee.address.town
        usd = Decimal(freight.usd) or freight.goods.usd * freight.quantity
        gross = int(freight.goods.kg * freight.quantity * Decimal("1.08")) + 1
        sent = Consignment(
            ucr=f"UCR{freight.day[2:4]}{loading.country.code}{self.fresh('7#####')}",
            bill=self.fresh("BL#######") if freight.ship else f"999-{self.fresh('7#######')}",
            date=freight.day,
            arrival=later(freight.day, freight.days) if freight.days else "",
            shipper=freight.shipper,
            consignee=freight.consignee,
            notify=freight.notify,
            forwarder=freight.forwarder,
            ship=freight.ship,
            box=freight.box or (self.box() if freight.ship else ""),
            loading=loading,
            discharge=discharge,
            destination=self.country(freight.destination) if freight.destination else discharge.country,
            goods=freight.goods,
            quantity=freight.quantity,
            amount=self.atlas.amount(usd, "USD"),
            currency="USD",
            gross_kg=gross,
            verified_kg=gross + self.dice.below(1 + gross // 100),
            procedure=freight.procedure,
        )
        self.consignments.append(sent)
        return sent

    def bill(
        self,
        day: str,
        parties: tuple[Firm, Firm],
        usd: Decimal | int,
        text: str,
        consignment: Consignment | None = None,
    ) -> Bill:
        """An invoice of the first party to the second, in US dollars."""
        amount = self.atlas.amount(Decimal(usd), "USD")
        made = Bill(self.fresh("INV-7#####"), day, *parties, amount, "USD", text, consignment)
        self.bills.append(made)
        return made

    def box(self) -> str:
        """A new container of a box owner that does not exist."""
        return container("XQMU", int(self.fresh("5#####")))

    def say(self, report: str, body: dict[str, object]) -> None:
        """Let a report say something, in the service's own record form."""
        self.said.setdefault(report, []).append(body)


def later(day: str, days: int) -> str:
    """The day so many days after another."""
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()
