"""A service that is not there skips loudly, and fails where it is required."""

import pytest

from tests.services.missing import ServiceMissingError, skip_or_fail

REASON = ServiceMissingError("no Java")


def test_it_skips_with_the_reason_and_how_to_require_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REQUIRE_SOMETHING", raising=False)
    with pytest.raises(pytest.skip.Exception, match=r"no Java \(set REQUIRE_SOMETHING=1"):
        skip_or_fail(REASON, "REQUIRE_SOMETHING")


def test_it_fails_where_the_service_is_required(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUIRE_SOMETHING", "1")
    with pytest.raises(pytest.fail.Exception, match="REQUIRE_SOMETHING=1, but: no Java"):
        skip_or_fail(REASON, "REQUIRE_SOMETHING")
