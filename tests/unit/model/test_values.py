"""Value types: canonical forms, refusals in a loader's words, and what holds for every type."""

import subprocess
import sys
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_service.errors import InvalidValue, OntologyError
from graph_service.model.values import MAX_LENGTH, normalise, value_types


@pytest.mark.parametrize(
    ("type_name", "raw", "canonical"),
    [
        ("text", " a  b\u202ec \n", "a  b\u202ec"),
        ("name", "e\u0301", "e\u0301"),
        ("identifier", "0012-A", "0012-A"),
        ("country", "GB", "GB"),
        ("country", "gb", "GB"),
        ("country", "GBR", "GB"),
        ("country", "840", "US"),
        ("country", "United Kingdom", "GB"),
        ("country", "Korea, Republic of", "KR"),
        ("country", "The Republic of Korea", "KR"),
        ("country", "Congo, Democratic Republic of the", "CD"),
        ("country", "Saint Kitts & Nevis", "KN"),
        ("country", "CÔTE D’IVOIRE", "CI"),
        ("country", "AND", "AD"),
        ("country", "gb-sct", "GB"),
        ("country", "XKX", "XK"),
        ("country", "eu", "EU"),
        ("country", "suhh", "SU"),
        ("country", "ANT", "AN"),
        ("currency", "usd", "USD"),
        ("currency", "392", "JPY"),
        ("currency", "Swiss Franc", "CHF"),
        ("currency", "DEM", "DEM"),
        ("currency", "Bitcoin", "BTC"),
        ("amount", "5.689852347E7", "56898523.47"),
        ("amount", "1,162,383.50", "1162383.5"),
        ("amount", "5,000", "5000"),
        ("amount", "1 000 000", "1000000"),
        ("amount", "-007.50", "-7.5"),
        ("amount", "+.5", "0.5"),
        ("amount", "-0.00", "0"),
        ("amount", "0e999999999", "0"),
        ("amount", "9" * 38, "9" * 38),
        ("integer", "68.0", "68"),
        ("share", "25 %", "25"),
        ("share", "0.25", "0.25"),
        ("boolean", "Yes", "true"),
        ("boolean", "0", "false"),
        ("latitude", "-17.0390854214", "-17.0390854214"),
        ("longitude", "180.0", "180"),
        ("iban", "gb82 west 1234 5698 7654 32", "GB82WEST12345698765432"),
        ("bic", "deutdeff500", "DEUTDEFF500"),
        ("bic", "DEUTDEFFXXX", "DEUTDEFF"),
        ("lei", "ZZ00SYNTH00000000187", "ZZ00SYNTH00000000187"),
        ("imo", "IMO 9074729", "9074729"),
        ("mmsi", "354 240 000", "354240000"),
        ("container", "CSQU 305438-3", "CSQU3054383"),
        ("container", "mwcu6059784", "MWCU6059784"),
        ("imei", "49-015420-323751-8", "490154203237518"),
        ("vin", "1m8gdm9axkp042788", "1M8GDM9AXKP042788"),
        ("vin", "WDB1240661B123456", "WDB1240661B123456"),
        ("hs_code", "7607.11", "760711"),
        ("locode", "us nyc", "USNYC"),
        ("email", "mailto:A.B@Example.ORG", "a.b@example.org"),
        ("url", "HTTPS://Example.org/A?b=C#d", "https://example.org/A?b=C#d"),
        ("url", "www.example.org/x", "http://www.example.org/x"),
        ("url", "http://[::1]:8080/x", "http://[::1]:8080/x"),
        ("ip", "2001:0DB8::0001", "2001:db8::1"),
        ("gender", "F", "female"),
    ],
)
def test_canonical_form(type_name: str, raw: str, canonical: str) -> None:
    assert normalise(type_name, raw) == canonical
    assert normalise(type_name, canonical) == canonical


@pytest.mark.parametrize(
    ("type_name", "raw", "reason"),
    [
        ("country", "XQ", "not an ISO 3166 country: 'XQ'"),
        ("country", "Korea", "not an ISO 3166 country: 'Korea'"),
        ("country", "of", "not an ISO 3166 country: 'of'"),
        ("currency", "XQZ", "not an ISO 4217 currency: 'XQZ'"),
        ("currency", "$", "any dollar"),
        ("amount", "NaN", "not a decimal number: 'NaN'"),
        ("amount", "Infinity", "not a decimal number: 'Infinity'"),
        ("amount", "1.234,56", "decimal comma"),
        ("amount", "12,5", "decimal comma"),
        ("amount", "9" * 39, "more than 38 digits"),
        ("amount", "1e999999999", "more than 38 digits"),
        ("amount", "1e-39", "more than 38 digits"),
        ("amount", "\u0663", "not a decimal number"),
        ("amount", "$5", "not a decimal number"),
        ("integer", "1.5", "not a whole number"),
        ("share", "100.01", "from 0 to 100"),
        ("share", "-1", "from 0 to 100"),
        ("share", "%", "not a decimal number"),
        ("latitude", "90.5", "from -90 to 90"),
        ("longitude", "-180.5", "from -180 to 180"),
        ("boolean", "maybe", "neither true nor false"),
        ("iban", "GB82WEST12345698765433", "not an IBAN (the number's checksum"),
        ("iban", "GB82WEST1234569876543", "not an IBAN"),
        ("bic", "DEUTDE", "not a BIC"),
        ("lei", "ZZ00SYNTH000000001", "an LEI has 20 characters"),
        ("lei", "ZZ00SYNTH00000000188", "not an LEI"),
        ("imo", "9074728", "not an IMO number (the number's checksum"),
        ("mmsi", "35424000", "an MMSI has nine digits"),
        ("container", "CSQU3054384", "not a container number (the number's checksum"),
        ("container", "CSQA3054383", "not a container number"),
        ("imei", "490154203237519", "not an IMEI"),
        ("vin", "1M8GDM9A1KP042788", "wrong check digit"),
        ("vin", "1M8GDM9AXKPO42788", "without I, O and Q"),
        ("hs_code", "10121", "a leading zero may be lost"),
        ("hs_code", "7700", "no chapter 77"),
        ("locode", "QQAAA", "no such country"),
        ("email", "a@b", "not an e-mail address"),
        ("email", "a b@example.org", "not an e-mail address"),
        ("url", "javascript:alert(1)", "not a web address (http, https or ftp)"),
        ("url", "JaVaScRiPt:alert(1)//www.example.org", "not a web address"),
        ("url", "java\tscript:alert(1)", "not a web address"),
        ("url", "data:text/html,x", "not a web address"),
        ("url", "http://exa mple.org", "not a web address"),
        ("url", "file:///etc/passwd", "not a web address"),
        ("ip", "256.1.1.1", "not an IP address"),
        ("gender", "?", "not a gender"),
    ],
)
def test_refusal_says_why(type_name: str, raw: str, reason: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        normalise(type_name, raw)
    assert reason in str(caught.value)


@pytest.mark.parametrize(
    ("raw", "date_format", "canonical"),
    [
        ("2015", None, "2015"),
        ("2015-03", None, "2015-03"),
        ("2015-03-25", None, "2015-03-25"),
        ("2015-00-00", None, "2015"),
        ("2015-03-00", None, "2015-03"),
        ("20150325", None, "2015-03-25"),
        ("2015/03/25", None, "2015-03-25"),
        ("2015-03-25 23:30:00-05:00", None, "2015-03-25"),
        ("Mar 25, 2015", "%b %d, %Y", "2015-03-25"),
        ("06-JAN-2009", "%d-%b-%Y", "2009-01-06"),
        ("01/2009", "%m/%Y", "2009-01"),
        ("FY09", "FY%y", "2009"),
        ("31.12.2009 23:59", "%d.%m.%Y %H:%M", "2009-12-31"),
    ],
)
def test_dates_are_as_precise_as_they_were_said(raw: str, date_format: str | None, canonical: str) -> None:
    assert normalise("date", raw, date_format=date_format) == canonical


@pytest.mark.parametrize(
    ("raw", "date_format", "canonical"),
    [
        ("2016", None, "2016"),
        ("2016-11-18", None, "2016-11-18"),
        ("2016-11-18T14:30:00Z", None, "2016-11-18T14:30:00Z"),
        ("2016-11-18 14:30", None, "2016-11-18T14:30:00"),
        ("2016-11-18T23:30:00.5-02:00", None, "2016-11-19T01:30:00.500000Z"),
        ("18.11.2016 14:30 +0100", "%d.%m.%Y %H:%M %z", "2016-11-18T13:30:00Z"),
        ("18.11.2016", "%d.%m.%Y", "2016-11-18"),
    ],
)
def test_moments_are_in_utc_where_the_zone_is_known(raw: str, date_format: str | None, canonical: str) -> None:
    assert normalise("datetime", raw, date_format=date_format) == canonical


@pytest.mark.parametrize(
    ("raw", "date_format", "reason"),
    [
        ("25/03/2015", None, "either way round"),
        ("Mar 25, 2015", None, "give the date format"),
        ("2015-02-30", None, "day is out of range"),
        ("2015-13", None, "month must be in 1..12"),
        ("2015-00-12", None, "a day without a month"),
        ("0000", None, "year 0"),
        ("2016-11-18T25:00", None, "hour must be in 0..23"),
        ("9999-12-31T23:00:00-05:00", None, "outside the years"),
        ("25.03.2015", "%Y-%m-%d", "not a date of the format '%Y-%m-%d'"),
        ("25", "%d%d", "not a date format"),
    ],
)
def test_dates_that_are_none(raw: str, date_format: str | None, reason: str) -> None:
    with pytest.raises(InvalidValue, match=reason.replace(".", r"\.")):
        normalise("datetime", raw, date_format=date_format)


@pytest.mark.parametrize(
    ("raw", "country", "canonical"),
    [
        ("702-919-1300", "US", "+17029191300"),
        ("030 123456", "Germany", "+4930123456"),
        ("+1 (702) 919-1300 ext. 5", None, "+17029191300"),
        ("0049 30 123456", None, "+4930123456"),
        ("+44 20 7946 0018", "US", "+442079460018"),
    ],
)
def test_phone_numbers(raw: str, country: str | None, canonical: str) -> None:
    assert normalise("phone", raw, country=country) == canonical


@pytest.mark.parametrize(
    ("raw", "country", "reason"),
    [
        ("702-919-1300", None, "give its country"),
        ("call me", "US", "not a phone number"),
        ("+999 123456", None, "not a phone number"),
        ("+1 702 919", None, "too long or too short"),
        ("702-919-1300", "XQ", "not an ISO 3166 country"),
    ],
)
def test_phone_numbers_that_are_none(raw: str, country: str | None, reason: str) -> None:
    with pytest.raises(InvalidValue, match=reason):
        normalise("phone", raw, country=country)


@pytest.mark.parametrize("type_name", sorted(value_types()))
@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("", "no value"),
        (" \t\n", "no value"),
        ("1\0", "NUL"),
        ("\udc41", "surrogate"),
        ("1" * (MAX_LENGTH + 1), "longer than 65,536 characters"),
    ],
)
def test_what_every_type_refuses(type_name: str, raw: str, reason: str) -> None:
    with pytest.raises(InvalidValue, match=reason):
        normalise(type_name, raw)


def test_the_longest_text_is_taken_and_a_refusal_stays_short() -> None:
    assert normalise("text", "x" * MAX_LENGTH) == "x" * MAX_LENGTH
    with pytest.raises(InvalidValue) as caught:
        normalise("country", "x" * MAX_LENGTH)
    assert len(str(caught.value)) < 120


def test_an_unknown_type_is_a_fault_of_the_ontology() -> None:
    with pytest.raises(OntologyError, match="shoe"):
        normalise("shoe", "42")


@given(type_name=st.sampled_from(sorted(value_types())), raw=st.text(max_size=24))
def test_any_text_is_canonical_after_once_or_refused(type_name: str, raw: str) -> None:
    try:
        once = normalise(type_name, raw)
    except InvalidValue:
        return
    assert normalise(type_name, once) == once
    assert once == once.strip()


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**30), max_value=10**30))
def test_amounts_keep_their_value_and_one_text_each(number: Decimal) -> None:
    texts = {normalise("amount", shape) for shape in (str(number), f"{number:f}", f"{number:e}", f"{number:,f}")}
    assert len(texts) == 1
    assert Decimal(texts.pop()) == number


def test_importing_the_types_loads_none_of_the_lists() -> None:
    code = (
        "import sys, graph_service.model.values as v; "
        "print([name for name in ('pycountry', 'phonenumbers', 'stdnum') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
