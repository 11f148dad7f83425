"""The browser that the other tests rely on: it opens files, runs scripts, and reaches nothing but this machine."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from tests.services.chromium import requests_made, start_chromium
from tests.services.missing import ServiceMissingError


class Hello(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<title>hello</title>")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def hello_server() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Hello) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


def test_a_file_opens_and_its_script_runs(page: Chrome, tmp_path: Path) -> None:
    file = tmp_path / "chart.html"
    file.write_text("<p id=p></p><script>document.getElementById('p').textContent = 1 + 1</script>", encoding="utf-8")
    page.get(file.as_uri())
    assert page.find_element(By.ID, "p").text == "2"
    assert requests_made(page) == [file.as_uri()]


def test_each_request_is_on_record_once(page: Chrome, tmp_path: Path) -> None:
    file = tmp_path / "chart.html"
    file.write_text(
        "<img src='https://example.invalid/pixel'><script>new WebSocket('wss://example.invalid/ws')</script>",
        encoding="utf-8",
    )
    page.get(file.as_uri())
    made = requests_made(page)
    assert sorted(made) == sorted([file.as_uri(), "https://example.invalid/pixel", "wss://example.invalid/ws"])
    assert requests_made(page) == []


def test_this_machine_is_reached_and_no_name_resolves(page: Chrome) -> None:
    with hello_server() as address:
        page.get(address)
        assert page.title == "hello"
        by_name = address.replace("127.0.0.1", "localhost")
        reached = page.execute_async_script(
            "fetch(arguments[0], {mode: 'no-cors'}).then(() => arguments[1](true), () => arguments[1](false))",
            by_name,
        )
    assert reached is False


def test_a_tab_does_not_see_the_requests_of_the_one_before(page: Chrome) -> None:
    assert page.current_url == "about:blank"
    assert requests_made(page) == []


def test_without_a_browser_the_reason_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ServiceMissingError, match="Chromium is not installed"), start_chromium():
        pass
