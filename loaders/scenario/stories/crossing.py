"""What no case shows by itself: how the four are joined, and which shortcuts between them mean nothing."""

from __future__ import annotations

from collections.abc import Mapping

from loaders.scenario.hubs import Hubs
from loaders.scenario.story import Ask, Fact, Story
from loaders.scenario.world import World

_TALK = {"kinds": ["Subject", "Phone", "Communication"]}


def join_stories(world: World, hubs: Hubs, stories: tuple[Story, ...]) -> Story:
    """The story behind the stories: one hawala house serves all four."""
    alpha, bravo, calypso, delta = (story.cast for story in stories)
    recruiter, broker, prepaid = bravo["recruiter"], alpha["broker"], bravo["prepaid_phone"]
    rings = {call.caller.subscriber.id: call for call in world.calls if call.callee.id == prepaid}
    chain = [recruiter, rings[recruiter].caller.id, rings[recruiter].id, prepaid]
    chain += [rings[broker].id, rings[broker].caller.id, broker]
    forged = (bravo["forger"], delta["forged_passport"], delta["buyer"])
    return Story(
        key="crossing",
        title="Four cases, one hawala house",
        area="c",
        marking="TLP:AMBER",
        summary=(
            "A telephone in Dubai, a forger in Istanbul and a shell in Panama join four cases of four offices in three "
            "areas of the world. A formation agent, a busy port and a big bank seem to join them, and do not."
        ),
        cast={
            "recruiter": recruiter, "broker": broker, "prepaid_phone": prepaid, "hawaladar": bravo["hawaladar"],
            "forger": bravo["forger"], "buyer": delta["buyer"], "shell_in_panama": alpha["shell_in_panama"],
            "third_party_payer": delta["third_party_payer"],
            "false_shortcut": hubs.agent_address.id, "big_bank": "bank:ZCMBUS33", "busy_port": "port:AEJEA",
        },
        facts=(
            Fact("Recruiter and peso broker ring the same telephone in Dubai.", tuple(chain)),
            Fact("One forger serves the smugglers and the buyer of the cameras.", forged),
            Fact("The hawaladar owns the payer of the cameras.", (bravo["hawaladar"], delta["third_party_payer"])),
            Fact(
                "One container carried cigarettes in spring and the cameras in autumn.",
                (calypso["cigarettes"], calypso["container"], delta["last_leg"]),
            ),
            Fact("Shell and front share an address with two dozen strangers.", _neighbours(hubs, alpha, delta)),
        ),
        asks=_asks(hubs, alpha, bravo, forged),
    )  # fmt: skip


def _neighbours(hubs: Hubs, alpha: Mapping[str, str], delta: Mapping[str, str]) -> tuple[str, ...]:
    return alpha["shell_in_panama"], hubs.agent_address.id, delta["front"]


def _asks(hubs: Hubs, alpha: Mapping[str, str], bravo: Mapping[str, str], forged: tuple[str, ...]) -> tuple[Ask, ...]:
    ends = {"source": bravo["recruiter"], "target": alpha["broker"]}
    return (
        Ask(
            "How is a recruiter in Dhaka connected with a peso broker in Bogotá?",
            "shortest-paths",
            ends,
            "Both ring the prepaid telephone of the hawaladar's nephew in Dubai.",
            scope=_TALK,
            expect=(bravo["prepaid_phone"],),
        ),
        Ask(
            "And what does Istanbul alone see of it?",
            "shortest-paths",
            ends,
            "Nothing: the broker's calls are in the papers of another case, which do not exist for this asker.",
            scope={**_TALK, "as": ["case:BRAVO"]},
        ),
        Ask(
            "Do the smuggling case in Istanbul and the technology case in Hong Kong touch?",
            "shortest-paths",
            {"source": "case:bravo", "target": "case:delta"},
            "In a forger, whose passport the buyer of the cameras travels on.",
            expect=forged,
        ),
        Ask(
            "Which groups talk to one another?",
            "communities",
            {"seed": 7},
            "Those expected stand in one community: the people of the route who ring each other.",
            scope=_TALK,
            expect=(bravo["agent"], bravo["guide"], bravo["keeper"]),
        ),
        Ask(
            "Who is connected with too many to mean anything?",
            "degree",
            {},
            "A port, a bank and a formation agent lead the list; a path through one of them is a false shortcut.",
            expect=("bank:ZCMBUS33", hubs.agent_address.id),
        ),
    )
