"""What-ifs in words, and their plots as files."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph_service.cli.local import LocalClient
from graph_service.cli.main import run
from graph_service.cli.words.telling import tell
from tests.unit.cli.telling import client_over, lines

CREW = (
    {
        "source": "crew",
        "entities": [[f"subject:{name.lower()}", "Subject", {"name": [name]}] for name in ("Hub", "Ada", "Ben", "Cid")],
        "links": [
            *([f"c{n}", "ASSOCIATE_OF", "subject:hub", f"subject:{name}", {}, {"grade": "A1"}]
              for n, name in enumerate(("ada", "ben", "cid"))),
            ["c9", "ASSOCIATE_OF", "subject:ada", "subject:ben", {}, {"grade": "B2"}],
        ],
    },
)  # fmt: skip


client = client_over(CREW)


def test_the_outcome_is_told_first_then_every_step(client: LocalClient) -> None:
    """Without the hub, ada and ben are left together and cid alone: of three pairs two are parted."""
    shown = lines(client, "disruption", strategies="betweenness,random", count=1, runs=5)
    assert shown[0] == "4 entities joined by 4 ties; 4 may be taken out."
    assert shown[1].startswith(
        "Taking out 1 by betweenness parts 66.7 % of the pairs left, 0 % before; the largest part"
    )
    assert "falls from 4 to 2, efficiency from 0.833 to 0.333." in shown[1]
    assert "(mean of 5 runs; 95 % of them" in shown[2]
    assert "Taken out by betweenness, chosen anew each time:" in shown
    assert "  1. Hub (Subject): 66.7 % parted, largest part 2, 2 parts [subject:hub]" in shown
    assert "A what-if on incomplete data: not a list of whom to arrest." in shown


def test_who_takes_over_is_told_under_the_step(client: LocalClient) -> None:
    shown = lines(client, "disruption", given="subject:hub", strategies="given", delay=0)
    assert "Taken out as named:" in shown
    assert "     Ada (Subject) takes over from Hub (Subject), with 1 new tie" in shown


def test_what_is_estimated_and_who_is_left_out_is_told(client: LocalClient) -> None:
    answer = client.ask("disruption", {"strategies": "degree", "count": 1, "in_turn": False}, {}, "memory")
    answer["result"] |= {"pivots": 3, "never": 2}
    shown = list(tell(answer, client.ontology(), client.sources()["sources"]))
    assert shown[0].endswith("4 may be taken out. 2 victims are left out, as ever.")
    assert "Taken out by number of ties, at once:" in shown
    assert "Distances and betweenness are estimates, from 3 of the entities." in shown


def test_how_sure_a_rank_is_comes_first(client: LocalClient) -> None:
    shown = lines(client, "rank-uncertainty", measure="degree", draws=50, top=2, missing=0)
    assert shown[0] == "In 50 plausible networks Hub (Subject) is among the first 2 in 100 %."
    assert shown[1] == "Ranked by degree among 4, with intervals of 90 %:"
    assert shown[2].startswith("     1 (1 to 1) Hub (Subject): among the first 2 in 100 %, reported 1 [subject:hub]")
    assert shown[6].startswith("Of 4 ties as reported 3.3 stand on average, by their grades; 0.0 unseen ones are added")


def test_nobody_to_rank_is_told(client: LocalClient) -> None:
    assert lines(client, "rank-uncertainty", kind="Vessel", draws=20)[0].startswith("Nobody was ranked: ")


def test_the_page_of_a_chart_carries_the_plot_of_a_question_that_has_one(client: LocalClient) -> None:
    page = client.chart("disruption", {"strategies": "degree", "count": 1}, {}, "memory")
    assert "What is left of 4 entities" in page
    assert '<details class="plot"' in page
    assert '<details class="plot"' not in client.chart("degree", {}, {}, "memory")


def test_a_plot_is_written_where_the_question_has_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GRAPH_STORE", "embedded")
    monkeypatch.setenv("GRAPH_PATH", str(tmp_path / "graph.duckdb"))
    drawn = tmp_path / "plot.svg"
    assert run(["chart", "disruption", "--strategies", "degree", "-o", str(drawn)]) == 0
    assert "wrote" in capsys.readouterr().out
    assert drawn.read_text(encoding="utf-8").startswith("<svg ")
    assert run(["chart", "degree", "-o", str(tmp_path / "other.svg")]) == 2
    assert "degree has no plot: name an HTML file; plots are made of disruption" in capsys.readouterr().err
    assert not (tmp_path / "other.svg").exists()
