"""The linter of ontology files: each fault is found once, in its place, and said in words that help."""

import tomllib

import pytest

from graph_service.model.ontology_lint import lint

BASE = """
[entity.Base]
label = "Base"
description = "A base."
caption = ["name"]
colour = "#000000"
icon = "B"
[entity.Base.properties]
name = { type = "name" }
[entity.Meet]
label = "Meet"
description = "An event."
caption = ["name"]
colour = "#111111"
icon = "M"
event = true
extends = "Base"
[link.KNOWS]
label = "knows"
reverse = "known by"
description = "Knows."
domain = ["Base"]
range = ["Base"]
"""
KIND = 'label = "New"\ndescription = "New."\ncolour = "#222222"\nicon = "N"\n'
LINK = 'label = "new"\nreverse = "new by"\ndescription = "New."\n'


@pytest.mark.parametrize(
    ("addition", "place", "message"),
    [
        ("[entity.new]\n" + KIND, "entity.new", "written in PascalCase"),
        ("[link.New]\n" + LINK, "link.New", "written in UPPER_SNAKE"),
        ("[entity.Entity]\n" + KIND, "entity.Entity", "reserved name"),
        ("[entity.KNOWS]\n" + KIND + 'caption = ["name"]\nextends = "Base"\n', "link.KNOWS", "by case at most"),
        ("[entity.New]\n" + KIND, "entity.New", "needs caption"),
        ("[entity.New]\n" + KIND + 'caption = ["nme"]\n', "entity.New.caption", "New has no property 'nme'"),
        ("[entity.New]\n" + KIND + 'extends = "Bse"\n', "entity.New.extends", "unknown kind 'Bse'"),
        ("[entity.New]\n" + KIND + 'extends = "New"\n', "entity.New.extends", "New extends itself"),
        ("[entity.New]\n" + KIND + 'extends = "Base"\nkeys = [["lei"]]\n', "entity.New.keys", "no property 'lei'"),
        ("[entity.New]\n" + KIND + 'extends = "Base"\nkeys = ["name"]\n', "entity.New.keys", "list of lists"),
        ("[entity.New]\n" + KIND + 'extends = "Base"\ncolor = "red"\n', "entity.New.color", "unknown key 'color'"),
        ("[entity.New]\n" + KIND.replace("#222222", "red"), "entity.New.colour", "a colour such as"),
        ("[entity.New]\n" + KIND.replace('"N"', '"\U0001f600"'), "entity.New.icon", "no emoji"),
        ("[entity.New]\n" + KIND.replace('"N"', '"Abc"'), "entity.New.icon", "one or two characters"),
        ("[entity.New]\n" + KIND.replace('"New."', '" "'), "entity.New.description", "a text that is not empty"),
        ("[entity.New]\n" + KIND.replace('icon = "N"', 'caption = ["name"]\nextends = "Base"'), "entity.New",
         "needs icon"),
        ("[entity.New]\n" + KIND.replace('"New"', '"Base"') + 'extends = "Base"\n', "entity.New.label", "already the"),
        ("[entity.New]\n" + KIND + 'extends = "Base"\nevent = "yes"\n', "entity.New.event", "true or false"),
        ("[entity.New]\n" + KIND + 'extends = "Base"\nproperties.name = { type = "text" }\n',
         "entity.New.properties.name", "already, from Base"),
        ('[entity.Base.properties]\nname = { type = "text" }\n', "entity.Base.properties.name", "already, from a.toml"),
        ('[entity.Base.properties]\nshoe = { type = "nmber" }\n', "entity.Base.properties.shoe.type", "unknown value"),
        ('[entity.Base.properties]\nshoe = { label = "S" }\n', "entity.Base.properties.shoe", "needs a type"),
        ('[entity.Base.properties]\nShoe = { type = "text" }\n', "entity.Base.properties.Shoe", "lower_snake"),
        ('[entity.Base.properties]\ngrade = { type = "text" }\n', "entity.Base.properties.grade", "reserved name"),
        ('[entity.Base.properties]\nshoe = "text"\n', "entity.Base.properties.shoe", "must be a table"),
        ('[entity.Base.properties]\nshoe = { type = "text", size = 1 }\n', "entity.Base.properties.shoe.size",
         "unknown key 'size'"),
        ('[entity.Base]\nlabel = "B"\n', "entity.Base", "already defined in a.toml"),
        ('[link.GONE.properties]\nx = { type = "text" }\n', "link.GONE", "which no file defines"),
        ("[link.NEW]\n" + LINK + 'domain = ["Bse"]\nrange = ["Base"]\n', "link.NEW.domain", "unknown kind 'Bse'"),
        ("[link.NEW]\n" + LINK + 'domain = ["Base"]\nrange = []\n', "link.NEW.range", "a list of names, not empty"),
        ("[link.NEW]\n" + LINK + 'domain = ["Base"]\n', "link.NEW", "needs range"),
        ("[link.NEW]\n" + LINK.replace("new by", "Known by") + 'domain = ["Base"]\nrange = ["Base"]\n',
         "link.NEW.reverse", "already the reverse of link.KNOWS"),
        ("[link.NEW]\n" + LINK + 'domain = ["Base"]\nrange = ["Base"]\nside = "from"\n', "link.NEW.side",
         "only event kinds in its range"),
        ("[link.NEW]\n" + LINK + 'domain = ["Entity"]\nrange = ["Base"]\nside = "to"\n', "link.NEW.side",
         "only event kinds in its domain"),
        ("[link.NEW]\n" + LINK + 'domain = ["Base"]\nrange = ["Meet"]\nside = "from"\ndirected = false\n',
         "link.NEW.side", "a symmetric link has no side"),
        ("[link.NEW]\n" + LINK + 'domain = ["Base"]\nrange = ["Meet"]\nside = "left"\n', "link.NEW.side",
         'must be "from" or "to"'),
        ("colour = 1\n", "colour", "unknown key 'colour'"),
        ("entity = 1\n", "entity", "must be a table"),
        ("[entity]\nNew = 1\n", "entity.New", "must be a table"),
    ],
)  # fmt: skip
def test_each_fault_is_found_in_its_place(addition: str, place: str, message: str) -> None:
    files = {"a.toml": tomllib.loads(BASE), "b.toml": tomllib.loads(addition)}
    problems = [(problem.place, problem.message) for problem in lint(files)]
    assert len(problems) == 1, problems
    assert problems[0][0] == place
    assert message in problems[0][1]


def test_kinds_that_extend_one_another_in_a_circle_are_all_named() -> None:
    one = "[entity.One]\n" + KIND.replace("New", "One") + 'extends = "Two"\n'
    two = "[entity.Two]\n" + KIND.replace("New", "Two") + 'extends = "One"\n'
    tail = "[entity.Tail]\n" + KIND.replace("New", "Tail") + 'extends = "One"\n'
    assert [problem.place for problem in lint({"a.toml": tomllib.loads(one + two + tail)})] == [
        "entity.One.extends",
        "entity.Two.extends",
    ]


def test_a_well_made_addition_has_no_problem() -> None:
    link = "[link.NEW_ONE]\n" + LINK + 'domain = ["Entity", "Base"]\nrange = ["Meet"]\nside = "from"\n'
    kind = "[entity.New]\n" + KIND + 'extends = "Meet"\nkeys = [["name"]]\n'
    assert lint({"a.toml": tomllib.loads(BASE), "b.toml": tomllib.loads(kind + link)}) == []
