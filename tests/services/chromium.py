"""A real Chromium for tests: headless, a fresh profile, and no way out of this machine.

Every host but 127.0.0.1 fails to resolve, and every request a page makes is on record, so that a test can say that a
page made none. The browser and its driver are those of the system; nothing is downloaded.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from selenium import webdriver

from tests.services.missing import ServiceMissingError

_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_FLAGS = (
    "--headless=new",
    "--no-sandbox",  # tests may run as root, in a container
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--window-size=1400,1000",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
)
_PAGE_SECONDS = 60


@contextmanager
def start_chromium() -> Iterator[webdriver.Chrome]:
    """A running browser, ended with its profile when the block ends; ServiceMissingError when none is installed."""
    browser = next(filter(None, map(shutil.which, _BROWSERS)), None)
    driver = shutil.which("chromedriver")
    if browser is None or driver is None:
        missing = "Chromium" if browser is None else "chromedriver"
        raise ServiceMissingError(
            f"no browser: {missing} is not installed (Debian: apt-get install chromium chromium-driver)"
        )
    with tempfile.TemporaryDirectory(prefix="graph-service-chromium-", ignore_cleanup_errors=True) as profile:
        options = webdriver.ChromeOptions()
        options.binary_location = browser
        for flag in (*_FLAGS, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
        service = webdriver.ChromeService(executable_path=driver, log_output=os.devnull)
        chrome = webdriver.Chrome(options=options, service=service)
        try:
            chrome.set_page_load_timeout(_PAGE_SECONDS)
            chrome.set_script_timeout(_PAGE_SECONDS)
            yield chrome
        finally:
            chrome.quit()


def requests_made(driver: webdriver.Chrome) -> list[str]:
    """The address of each request and web socket since the last call, in order, refused ones and ``data:`` included."""
    addresses = []
    for entry in driver.get_log("performance"):
        message = json.loads(entry["message"])["message"]
        if message["method"] == "Network.requestWillBeSent":
            addresses.append(message["params"]["request"]["url"])
        elif message["method"] == "Network.webSocketCreated":
            addresses.append(message["params"]["url"])
    return addresses
