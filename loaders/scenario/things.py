"""What the world consists of, before any source has said a word about it.

Every value knows the id that the shipped mappings give it, made of its strongest key: registry number, IBAN,
passport number, IMO number. People are keyed by the *person code* of their register, which in this world is a
readable handle; nothing is ever the same because of a name alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from loaders.ids import slug
from loaders.scenario.atlas import Bank, Country, Goods, Town


@dataclass(frozen=True, slots=True)
class Address:
    """A house number in an invented street of a real town."""

    street: str
    town: Town
    use: str = "home"

    @property
    def full(self) -> str:
        """The address in one line."""
        return f"{self.street}, {self.town.name}, {self.town.country.name}"

    @property
    def id(self) -> str:
        """Its id."""
        return f"address:{slug(self.full)}"


@dataclass(frozen=True, slots=True)
class Person:
    """A person as a register knows them; without a home, they are in no register of residents."""

    code: str
    given: str
    family: str
    gender: str
    birth: str
    nationality: str
    home: Address | None = None

    @property
    def name(self) -> str:
        """Given and family name."""
        return f"{self.given} {self.family}"

    @property
    def id(self) -> str:
        """Its id."""
        return f"subject:{self.code}"


@dataclass(frozen=True, slots=True)
class Firm:
    """A firm as its register knows it."""

    number: str
    country: Country
    name: str
    founded: str
    address: Address
    line: str = ""
    closed: str = ""
    services: str = ""

    @property
    def id(self) -> str:
        """Its id."""
        return f"company:{self.country.code}-{self.number}"


Party = Person | Firm


@dataclass(frozen=True, slots=True)
class Post:
    """A place in a firm according to its register: director, secretary or shareholder, dated."""

    person: Party
    firm: Firm
    role: str
    since: str
    until: str = ""
    share: str = ""


@dataclass(frozen=True, slots=True)
class Kinship:
    """Two people of one family."""

    one: Person
    other: Person
    relation: str


@dataclass(frozen=True, slots=True)
class Job:
    """Somebody works for a firm."""

    person: Person
    firm: Firm
    role: str
    since: str


@dataclass(frozen=True, slots=True)
class Account:
    """A bank account; ``number`` is an IBAN where the country has IBANs, else bank code and digits."""

    number: str
    is_iban: bool
    bank: Bank
    holder: Party
    currency: str
    opened: str

    @property
    def id(self) -> str:
        """Its id."""
        return f"account:{self.number}"


@dataclass(frozen=True, slots=True)
class Payment:
    """A money transfer between two accounts; ``invoice`` is the number of the invoice it names, if any."""

    number: str
    date: str
    payer: Account
    payee: Account
    amount: str
    currency: str
    purpose: str
    invoice: str = ""

    @property
    def id(self) -> str:
        """Its id."""
        return f"transfer:{self.number}"


@dataclass(frozen=True, slots=True)
class Cash:
    """Cash over a counter into an account, or carried over a border from town to town."""

    number: str
    date: str
    courier: Person
    amount: str
    currency: str
    origin: Town
    account: Account | None = None
    destination: Town | None = None
    declared: bool = True
    receiver: Party | None = None

    @property
    def id(self) -> str:
        """Its id."""
        return f"cash:{self.number}"


@dataclass(frozen=True, slots=True)
class Ship:
    """A vessel under one name; the hull keeps its IMO number when name, flag and owner change."""

    imo: str
    name: str
    flag: Country
    mmsi: str
    owner: Firm
    operator: Firm
    tonnage: int
    built: str
    since: str
    until: str = ""

    @property
    def id(self) -> str:
        """Its id."""
        return f"vessel:{self.imo}"


@dataclass(frozen=True, slots=True)
class Consignment:
    """Goods on their way; an empty ``arrival`` is no arrival recorded, and without a ship they fly."""

    ucr: str
    bill: str
    date: str
    arrival: str
    shipper: Firm
    consignee: Firm
    notify: Firm | None
    forwarder: Firm | None
    ship: Ship | None
    box: str
    loading: Town
    discharge: Town
    destination: Country
    goods: Goods
    quantity: int
    amount: str
    currency: str
    gross_kg: int
    verified_kg: int
    procedure: str

    @property
    def id(self) -> str:
        """Its id."""
        return f"shipment:{self.ucr}"

    @property
    def declaration(self) -> str:
        """The number of its customs declaration."""
        return self.ucr.replace("UCR", "DEC", 1)


@dataclass(frozen=True, slots=True)
class Bill:
    """An invoice; ``consignment`` is what it bills, if anything moved at all."""

    number: str
    date: str
    seller: Firm
    buyer: Firm
    amount: str
    currency: str
    text: str
    consignment: Consignment | None = None

    @property
    def id(self) -> str:
        """Its id."""
        return f"invoice:{self.number}"


@dataclass(frozen=True, slots=True)
class Passport:
    """A passport, in the name that is printed in it."""

    country: str
    number: str
    person: Person
    issued: str
    expires: str

    @property
    def id(self) -> str:
        """Its id."""
        return f"passport:{self.country}-{self.number}"


@dataclass(frozen=True, slots=True)
class Trip:
    """A booking on one flight, with all who travelled on it and the agency that sold it, if any."""

    booking: str
    flight: str
    date: str
    origin: Town
    destination: Town
    travellers: tuple[Passport, ...]
    agency: Firm | None = None

    @property
    def id(self) -> str:
        """Its id."""
        return f"trip:{self.booking}"


@dataclass(frozen=True, slots=True)
class Line:
    """A phone number and who the provider has as its subscriber."""

    number: str
    subscriber: Party
    since: str
    kind: str = "mobile"

    @property
    def id(self) -> str:
        """Its id."""
        return f"phone:{self.number}"


@dataclass(frozen=True, slots=True)
class Call:
    """Calls from one number to another in one month, counted; ``warrant`` is the case that obtained them."""

    number: str
    month: str
    caller: Line
    callee: Line
    count: int
    seconds: int
    warrant: str = ""

    @property
    def id(self) -> str:
        """Its id."""
        return f"call:{self.number}"
