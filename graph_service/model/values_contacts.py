"""How parties are reached: phone numbers, mail and web addresses, internet addresses; and gender words."""

import ipaddress
import re
from functools import lru_cache
from urllib.parse import urlsplit

from graph_service.model.values_refusal import refused
from graph_service.model.values_regions import country_text

_EMAIL = re.compile(r"[^\s@<>()\[\],;:\"\\]{1,64}@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_][\w-]{1,62}")
_HOST = re.compile(r"(?:[^\W_](?:[\w-]{0,61}\w)?\.)+[^\W\d_][\w-]{1,62}\.?|\[[0-9a-f:.]+\]|[0-9.]{7,15}|localhost")
_GENDERS = {
    "m": "male", "male": "male", "man": "male",
    "f": "female", "female": "female", "woman": "female",
    "x": "other", "o": "other", "other": "other", "non-binary": "other", "nonbinary": "other",
}  # fmt: skip


@lru_cache(maxsize=131_072)
def phone_text(text: str, country: str | None = None) -> str:
    """The number in international form (E.164), without extension.

    `country`, a country in any form that `country_text` takes, reads numbers in national form. The length must fit
    the country; whether the number is in use is not asked.
    """
    import phonenumbers

    region = country_text(country) if country else None
    if region is None and text.startswith("00"):
        text = "+" + text[2:]
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException as error:
        if error.error_type == phonenumbers.NumberParseException.INVALID_COUNTRY_CODE and not text.startswith("+"):
            raise refused("phone number in national form; give its country, or write it with + and country code",
                          text) from None  # fmt: skip
        raise refused("not a phone number", text) from None
    if not phonenumbers.is_possible_number(number):
        raise refused("phone number too long or too short for its country", text)
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def email_text(text: str) -> str:
    """An e-mail address in lower case, without "mailto:"."""
    address = text.lower().removeprefix("mailto:")
    if len(address) > 254 or not _EMAIL.fullmatch(address):
        raise refused("not an e-mail address", text)
    return address


def url_text(text: str) -> str:
    """A web address (http, https, ftp); scheme and host in lower case, the rest as it is.

    One that begins with its host gets "http://". Other schemes are refused: a script or a local file in a record must
    never become something to click on.
    """
    address = text if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:(?!\d)", text) else f"http://{text.removeprefix('//')}"
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise refused("not a web address", text) from None
    if parts.scheme not in ("http", "https", "ftp"):
        raise refused("not a web address (http, https or ftp)", text)
    host = (parts.hostname or "").lower()
    if re.search(r"[\s\x00-\x1f\x7f]", address) or not _HOST.fullmatch(f"[{host}]" if ":" in host else host):
        raise refused("not a web address", text)
    user, at, _ = parts.netloc.rpartition("@")
    shown = f"[{host}]" if ":" in host else host
    return parts._replace(netloc=user + at + shown + (f":{port}" if port is not None else "")).geturl()


def ip_text(text: str) -> str:
    """An IPv4 or IPv6 address in its shortest form."""
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        raise refused("not an IP address", text) from None


def gender_text(text: str) -> str:
    """male, female or other, as the source gives it."""
    try:
        return _GENDERS[text.lower()]
    except KeyError:
        raise refused("not a gender (male, female, other)", text) from None
