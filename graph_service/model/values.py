"""Value types: what a property may hold, and the one canonical text of each value.

Every property value in the service is text in the canonical form of its type, so that equal values are equal strings
in both stores, in files and in answers. `normalise` makes that form or says why it cannot. The lists and parsers
behind the types load when they are first used.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from graph_service.errors import OntologyError
from graph_service.model import values_codes, values_contacts, values_dates, values_numbers, values_regions
from graph_service.model.values_refusal import refused

MAX_LENGTH = 65_536
"""Characters in a value."""


def _as_it_is(text: str) -> str:
    return text


_PLAIN: Mapping[str, tuple[Callable[[str], str], str]] = {
    "text": (_as_it_is, "Any text, kept as it is."),
    "name": (_as_it_is, "A name of a person, a body or a thing, kept as it is written."),
    "identifier": (_as_it_is, "A number or code that somebody gave, kept as it is written."),
    "country": (values_regions.country_text, "A country: the ISO 3166-1 alpha-2 code; alpha-3 and names are taken."),
    "currency": (values_regions.currency_text, "A currency: the ISO 4217 code, or the ticker of a crypto-asset."),
    "amount": (values_numbers.decimal_text, "A sum of money: an exact decimal of up to 38 digits."),
    "integer": (values_numbers.integer_text, "A whole number of up to 38 digits."),
    "number": (values_numbers.decimal_text, "A number: an exact decimal of up to 38 digits."),
    "share": (values_numbers.share_text, "A part in per cent, from 0 to 100."),
    "boolean": (values_numbers.boolean_text, "true or false."),
    "latitude": (values_numbers.latitude_text, "Decimal degrees north, from -90 to 90 (WGS 84)."),
    "longitude": (values_numbers.longitude_text, "Decimal degrees east, from -180 to 180 (WGS 84)."),
    "iban": (values_codes.iban_text, "An international bank account number (ISO 13616), check digits valid."),
    "bic": (values_codes.bic_text, "A business identifier code (ISO 9362) of 8 or 11 characters."),
    "lei": (values_codes.lei_text, "A legal entity identifier (ISO 17442), check digits valid."),
    "imo": (values_codes.imo_text, "An IMO ship number: seven digits, check digit valid."),
    "mmsi": (values_codes.mmsi_text, "A maritime mobile service identity: nine digits."),
    "container": (values_codes.container_text, "A freight container number (ISO 6346), check digit valid."),
    "imei": (values_codes.imei_text, "A mobile equipment identity, check digit valid."),
    "vin": (values_codes.vin_text, "A vehicle identification number (ISO 3779); checked for North America."),
    "hs_code": (values_codes.hs_code_text, "A Harmonised System code of 2, 4 or 6 to 10 digits."),
    "locode": (values_regions.locode_text, "A UN/LOCODE: two letters of the country, three characters of the place."),
    "email": (values_contacts.email_text, "An e-mail address, in lower case."),
    "url": (values_contacts.url_text, "A web address (http, https or ftp)."),
    "ip": (values_contacts.ip_text, "An IPv4 or IPv6 address."),
    "gender": (values_contacts.gender_text, "male, female or other."),
}
_DATED: Mapping[str, tuple[Callable[[str, str | None], str], str]] = {
    "date": (values_dates.date_text, "A date as precise as it is known: YYYY, YYYY-MM or YYYY-MM-DD."),
    "datetime": (values_dates.datetime_text, "A date as above, or with a time of day, in UTC where the zone is known."),
}
_PHONE = "A phone number in international form (E.164); national numbers need the country."
_PLAIN_CALLS = {name: function for name, (function, _) in _PLAIN.items()}
_TYPES: Mapping[str, str] = MappingProxyType(
    {name: description for name, (_, description) in [*_PLAIN.items(), *_DATED.items()]} | {"phone": _PHONE}
)


def value_types() -> Mapping[str, str]:
    """The value types by name, each with a sentence that says what it holds."""
    return _TYPES


def normalise(type_name: str, raw: str, *, country: str | None = None, date_format: str | None = None) -> str:
    """The canonical text of a value of the type.

    `country` reads phone numbers in national form, `date_format` (of `datetime.strptime`) dates that are not ISO
    8601; other types pay them no heed. Surrounding whitespace never counts. Raises InvalidValue, in words for the
    person who loads the file, for what the type refuses, and for any type: nothing but whitespace, a NUL, half a
    surrogate pair, more than 65,536 characters. Repeated values are answered from a cache.
    """
    text = raw.strip()
    if not text:
        raise refused("no value", raw)
    if len(text) > MAX_LENGTH:
        raise refused(f"longer than {MAX_LENGTH:,} characters", text)
    if "\0" in text:
        raise refused("contains a NUL character", text)
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise refused("contains half a surrogate pair; the encoding of the file may be another", text) from None
    call = _PLAIN_CALLS.get(type_name)
    if call is not None:
        return call(text)
    if type_name in _DATED:
        return _DATED[type_name][0](text, date_format)
    if type_name == "phone":
        return values_contacts.phone_text(text, country)
    raise OntologyError(f"unknown value type {type_name!r}")
