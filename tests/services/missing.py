"""What happens when a service that tests need cannot be had: it is said loudly, and is a failure where required."""

import os
from typing import NoReturn

import pytest


class ServiceMissingError(RuntimeError):
    """The service cannot be started on this machine; the message says exactly why and what would help."""


def skip_or_fail(reason: ServiceMissingError, required_by: str) -> NoReturn:
    """End the test that asked for a service: failed when the variable ``required_by`` is 1, else skipped, with reason.

    Continuous integration sets the variables, so that a suite that ran without its services is never green there.
    """
    if os.environ.get(required_by) == "1":
        pytest.fail(f"{required_by}=1, but: {reason}", pytrace=False)
    pytest.skip(f"{reason} (set {required_by}=1 to make this a failure)")
