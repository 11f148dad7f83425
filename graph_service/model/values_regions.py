"""Countries, currencies and UN/LOCODEs by the ISO lists, taken from pycountry when they are first needed.

Withdrawn codes stay valid, because old records carry them: SU, YU, AN; DEM, ITL, FRF.
"""

import re
from functools import lru_cache

from graph_service.model.text import fold
from graph_service.model.values_refusal import refused

# Everyday names that ISO 3166 does not list, in search form.
_COUNTRY_NAMES = {
    "america": "US", "us": "US", "u s": "US", "u s a": "US", "united states of america": "US",
    "uk": "GB", "u k": "GB", "great britain": "GB", "britain": "GB", "england": "GB", "scotland": "GB",
    "wales": "GB", "northern ireland": "GB", "russia": "RU", "ussr": "SU", "soviet union": "SU",
    "czechoslovakia": "CS", "yugoslavia": "YU", "east germany": "DD", "zaire": "ZR", "el": "GR",
    "ivory coast": "CI", "cape verde": "CV", "macau": "MO", "burma": "MM", "swaziland": "SZ", "turkey": "TR",
    "czech republic": "CZ", "macedonia": "MK", "republic of macedonia": "MK", "east timor": "TL",
    "palestine": "PS", "brunei": "BN", "south korea": "KR", "north korea": "KP", "laos": "LA", "syria": "SY",
    "vatican": "VA", "vatican city": "VA", "holy see": "VA", "micronesia": "FM", "bvi": "VG",
    "british virgin islands": "VG", "us virgin islands": "VI", "u s virgin islands": "VI", "uae": "AE",
    "emirates": "AE", "drc": "CD", "dr congo": "CD", "congo kinshasa": "CD", "congo brazzaville": "CG",
    "democratic republic of congo": "CD", "democratic republic of the congo": "CD", "congo republic": "CG",
    "republic of the congo": "CG", "republic of congo": "CG", "falkland islands": "FK", "st martin": "MF",
    "sint maarten": "SX", "st lucia": "LC", "st vincent": "VC", "st kitts and nevis": "KN",
    "st vincent and the grenadines": "VC", "st helena": "SH", "curacao": "CW", "hong kong sar": "HK",
    "macao sar": "MO", "mainland china": "CN", "prc": "CN", "roc": "TW", "holland": "NL", "luxemburg": "LU",
    "antigua": "AG", "west bank": "PS", "gaza": "PS", "gaza strip": "PS",
}  # fmt: skip
# In wide use and reserved or left free for it by ISO 3166.
_COUNTRY_EXTRA = {"xk": "XK", "xkx": "XK", "kosovo": "XK", "eu": "EU", "european union": "EU"}
_SUBDIVISION = re.compile(r"([A-Za-z]{2})-[A-Za-z0-9]{1,4}")

# ISO 4217 list three: withdrawn codes.
_WITHDRAWN = """
ADP AFA ALK ANG AOK AON AOR ARA ARP ARY ATS AYM AZM BAD BEC BEF BEL BGJ BGK BGL BGN BOP BRB BRC BRE BRN BRR BUK BYB
BYR CHC CSD CSJ CSK CUC CYP DDM DEM ECS ECV EEK ESA ESB ESP FIM FRF GEK GHC GHP GNE GNS GQE GRD GWE GWP HRD HRK IEP
ILP ILR ISJ ITL LAJ LSM LTL LTT LUC LUF LUL LVL LVR MGF MLF MRO MTL MTP MVQ MXP MXV MZE MZM NIC NLG PEH PEI PES PLZ
PTE RHD ROK ROL RUR SDD SDP SIT SKK SLL SRG STD SUR TJR TMM TPE TRL UAK UGS UGW USS UYN UYP VEB VEF VNC XEU XFO XFU
XRE YDD YUD YUM YUN ZAL ZMK ZRN ZRZ ZWC ZWD ZWL ZWN ZWR
"""
# Crypto-assets have no ISO 4217 code; these go by the ticker that markets use.
_CRYPTO = {
    "bitcoin": "BTC", "btc": "BTC", "xbt": "BTC", "ethereum": "ETH", "eth": "ETH", "tether": "USDT", "usdt": "USDT",
    "usd coin": "USDC", "usdc": "USDC", "litecoin": "LTC", "ltc": "LTC", "monero": "XMR", "xmr": "XMR",
    "tron": "TRX", "trx": "TRX", "bitcoin cash": "BCH", "bch": "BCH", "dash": "DASH", "zcash": "ZEC", "zec": "ZEC",
    "solana": "SOL", "sol": "SOL", "bnb": "BNB", "ripple": "XRP", "xrp": "XRP", "dai": "DAI",
}  # fmt: skip
_CURRENCY_NAMES = {"yuan": "CNY", "renminbi": "CNY", "rmb": "CNY", "cnh": "CNY"}
_LOCODE = re.compile(r"([A-Z]{2}) ?([A-Z0-9]{3})")


def _key(name: str) -> str:
    """The name in search form, its words in one order and without small words: "Korea, Republic of" and the like."""
    words = fold(name).split()
    if len(words) > 1:
        words = sorted("st" if word == "saint" else word for word in words if word not in ("the", "of", "and"))
    return " ".join(words)


@lru_cache(maxsize=1)
def _countries() -> dict[str, str]:
    """Keys of codes and English names, and the alpha-2 code of each."""
    import pycountry

    found: dict[str, str] = {}
    for country in pycountry.countries:
        names = [getattr(country, key, None) for key in ("name", "official_name", "common_name")]
        for name in (country.alpha_2, country.alpha_3, country.numeric, *filter(None, names)):
            found[_key(name)] = str(country.alpha_2)
    current = set(found.values())
    for country in pycountry.historic_countries:
        if country.alpha_2 not in current:
            for name in (country.alpha_2, country.alpha_3, country.alpha_4, country.name):
                found.setdefault(_key(name), str(country.alpha_2))
    return {_key(name): code for name, code in _COUNTRY_NAMES.items()} | found | _COUNTRY_EXTRA


@lru_cache(maxsize=65_536)
def country_text(text: str) -> str:
    """The ISO 3166-1 alpha-2 code, in capitals, of a code (alpha-2, alpha-3, numeric) or an English name.

    Withdrawn codes of ISO 3166-3 keep their old alpha-2 code; XK (Kosovo) and EU are taken. A part of a country, such
    as "gb-sct" or "US-CA", counts as its country.
    """
    match = _SUBDIVISION.fullmatch(text)
    code = _countries().get(_key(match.group(1) if match else text))
    if code is None:
        raise refused("not an ISO 3166 country", text)
    return code


@lru_cache(maxsize=1)
def _currencies() -> dict[str, str]:
    import pycountry

    found = {code.lower(): code for code in _WITHDRAWN.split()}
    for currency in pycountry.currencies:
        code = str(currency.alpha_3)
        found |= {fold(currency.name): code, code.lower(): code, str(currency.numeric): code}
    return _CRYPTO | _CURRENCY_NAMES | found


@lru_cache(maxsize=65_536)
def currency_text(text: str) -> str:
    """The ISO 4217 code of a code (alphabetic, numeric) or an English name; withdrawn codes stay as they are.

    The larger crypto-assets, which ISO 4217 does not know, go by their tickers: BTC, ETH, USDT.
    """
    code = _currencies().get(fold(text))
    if code is None:
        reason = "$ may be any dollar; write the ISO 4217 code" if text == "$" else "not an ISO 4217 currency"
        raise refused(reason, text)
    return code


@lru_cache(maxsize=65_536)
def locode_text(text: str) -> str:
    """The five characters of a UN/LOCODE, without the space; its country must exist, XZ being the high seas."""
    match = _LOCODE.fullmatch(text.upper())
    if match is None:
        raise refused("not a UN/LOCODE (two letters of a country and three of a place)", text)
    country = match.group(1)
    if country != "XZ" and _countries().get(country.lower()) != country:
        raise refused("not a UN/LOCODE, no such country", text)
    return "".join(match.groups())
