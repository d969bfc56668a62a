"""Items, priorities and actions of the written boards: one of each state for Barnet, three hundred for the other."""

import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from core.actions.models import Action, ActionNeed
from core.db import Model
from core.items.models import Item, ItemSupport
from core.lists import folded
from core.outbox import Subject
from core.partners.models import Counter
from core.priorities.models import Priority, PriorityScore, PriorityStep, TaskGroup, TaskGroupMember
from tests.golden.case import NOW, at

PETER, NADIA, CHAIR, RAVI, DORA = 104, 106, 100, 102, 105
POLICE, NHS, COUNCIL = 105, 107, 101
MARKUP = "<!channel> <@U1> *Approve* [x](https://evil.example) & <https://evil.example|here>"
RTL = "מיפוי הצעות לנוער · خريطة عروض الشباب"
LONG = "An action whose title is as long as people like to write them, with every partner named once more " * 2
REST = datetime.date(2026, 12, 10)
DAY = datetime.date(2026, 12, 4)
CRITERIA = [{"name": "Impact on residents", "weight": 3}, {"name": "Only together", "weight": 2}]


def action(key: int, ref: str, title: str, **changes: Any) -> Action:
    """An action of Peter's, accepted, due on 4 December, but for these changes."""
    facts: dict[str, Any] = {
        "id": key,
        "partnership_id": 1,
        "ref": ref,
        "number": key,
        "title": title,
        "detail": "",
        "owner_id": PETER,
        "organisation_id": POLICE,
        "level": "system",
        "place": "",
        "due_on": DAY,
        "promised_on": DAY,
        "state": "open",
        "accepted_at": at(20, 9, 11),
        "blocked_why": "",
        "note": "",
        "outcome": "",
        "repeats": "",
        "source": "",
        "link": "",
        "created_by_id": CHAIR,
        "created_at": at(18, 9, 11),
        "folded": folded(title),
    }
    return Action(**(facts | changes))


def item(key: int, ref: str, title: str, state: str = "raised", **changes: Any) -> Item:
    """An item of Peter's under Smart cities, triaged by the chair unless it waits, but for these changes."""
    facts: dict[str, Any] = {
        "id": key,
        "partnership_id": 1,
        "ref": ref,
        "number": key,
        "title": title,
        "detail": "",
        "wants": "decision",
        "theme_id": 104,
        "raiser_id": PETER,
        "organisation_id": POLICE,
        "confidential": False,
        "link": "",
        "state": state,
        "answer": "",
        "became": "",
        "triaged_by_id": None if state == "raised" else CHAIR,
        "triaged_at": None if state == "raised" else at(24, 9, 11),
        "created_at": at(20, 9, 11),
        "folded": folded(title),
    }
    return Item(**(facts | changes))


def priority(key: int, ref: str, title: str, stage: str = "proposed", **changes: Any) -> Priority:
    """A priority sponsored by the council, but for these changes."""
    facts: dict[str, Any] = {
        "id": key,
        "partnership_id": 1,
        "ref": ref,
        "number": key,
        "title": title,
        "detail": "",
        "theme_id": 101,
        "sponsor_id": COUNCIL,
        "lead_id": RAVI,
        "places": [],
        "stage": stage,
        "stage_at": at(20, 9, 11),
        "scoring": stage == "proposed",
        "outcome": "",
        "source": "",
        "created_at": at(10, 9, 11),
        "folded": folded(title),
    }
    return Priority(**(facts | changes))


def step(key: int, number: int, begun: str, ended: str, kind: str = "on", **changes: Any) -> PriorityStep:
    """A step of a priority."""
    facts: dict[str, Any] = {
        "id": number,
        "partnership_id": 1,
        "priority_id": key,
        "kind": kind,
        "begun_at": begun,
        "ended_at": ended,
        "evidence": {},
        "links": [],
        "why": "",
        "by": "Cleo Chair (Barnet Council)",
        "at": at(20, 9, 11),
    }
    return PriorityStep(**(facts | changes))


async def _add(session: AsyncSession, *rows: Model) -> None:
    for row in rows:
        session.add(row)
        if isinstance(row, Action | Item | Priority | TaskGroup):
            session.add(Subject(ref=row.ref, partnership_id=row.partnership_id))
    await session.flush()


EVIDENCE = {"evidence": "Claims have doubled since March.", "affected": "Young people, and those over 50."}


async def barnet(session: AsyncSession) -> None:
    """One of each state."""
    ended = {"closed_on": datetime.date(2026, 11, 24)}
    await _add(
        session,
        item(1, "itm_raised", "Parking sensors need a pilot", detail="Two streets.", link="https://x.example/m"),
        item(
            2,
            "itm_parked",
            "A night bus",
            "parked",
            answer="After Christmas.",
            parked_until=REST,
        ),
        item(3, "itm_answered", "Who runs the depot?", "answered", answer="Barnet Homes does."),
        item(4, "itm_secret", "A matter of staff", raiser_id=NADIA, organisation_id=NHS, confidential=True),
        item(5, "itm_piped", "Jobs after the summer", "pipeline", answer="All want it.", became="pri_discovery"),
        item(6, "itm_agenda", "Meet in the evening", "agenda"),
        item(7, "itm_merged", "Smart parking", "merged", became="itm_raised"),
        item(8, "itm_mine", "The chair's own", raiser_id=CHAIR, organisation_id=COUNCIL),
        ItemSupport(partnership_id=1, item_id=1, organisation_id=NHS, member_id=NADIA, at=NOW),
    )
    await _add(
        session,
        priority(1, "pri_proposed", "Green spaces for health"),
        priority(2, "pri_scored", "One data platform", scoring=False, score=4.2),
        priority(3, "pri_discovery", "Economic recovery", "discovery", source="itm_piped", places=["Colindale"]),
        priority(4, "pri_mapping", "Youth offers", "mapping"),
        priority(5, "pri_system", "Co-location", "system action"),
        priority(6, "pri_local", "Copthall", "local action", places=["Mill Hill"]),
        priority(7, "pri_complete", "Apprenticeship levy", "complete", outcome="Forty found a place."),
        priority(8, "pri_paused", "Smart meters", "paused", rested_from="mapping"),
        priority(9, "pri_dropped", "A joint call centre", "dropped", rested_from="proposed"),
        PriorityScore(
            partnership_id=1, priority_id=1, member_id=PETER, organisation_id=POLICE,
            points={"Impact on residents": 5, "Only together": 3}, at=NOW,
        ),
        step(3, 1, "proposed", "discovery", evidence={"agreed": "BPB-2026-001: Economic recovery"}),
        step(4, 2, "proposed", "discovery", evidence={"agreed": "At the June meeting."}),
        step(4, 3, "discovery", "mapping", evidence=EVIDENCE, links=["https://barnet.example/report"]),
        step(8, 4, "mapping", "paused", "paused", why="Until the meters are in."),
        step(9, 5, "proposed", "dropped", "dropped", why="It costs more than it saves."),
        TaskGroup(
            id=1, partnership_id=1, ref="grp_open", number=1, priority_id=4, name="Youth offers",
            remit="To find what is missing after six.", ends_on=datetime.date(2027, 1, 29), created_at=NOW,
        ),
        TaskGroupMember(partnership_id=1, group_id=1, member_id=NADIA),
        TaskGroupMember(partnership_id=1, group_id=1, member_id=PETER),
    )  # fmt: skip
    await _add(
        session,
        action(1, "act_asked", "Map youth offers", owner_id=NADIA, organisation_id=NHS, accepted_at=None),
        action(2, "act_open", "Count empty shops", source="pri_discovery", detail="In all twelve high streets."),
        action(3, "act_progress", "Write to employers", state="in progress", note="Twelve of 30.", noted_at=NOW),
        action(
            4, "act_blocked", "Share the list", state="blocked", blocked_why="The data agreement.", blocked_by_id=NHS
        ),
        action(5, "act_done", "Open the hub", state="done", outcome="It is open.", source="pri_discovery", **ended),
        action(6, "act_dropped", "Print a map", state="dropped", **ended),
        action(7, "act_unowned", "Find a hall", owner_id=None, accepted_at=None),
        action(8, "act_offered", "Call the colleges", offered_to_id=NADIA),
        action(9, "act_late", "Send the survey", due_on=datetime.date(2026, 11, 20), place="Colindale", level="local"),
        action(10, "act_waits", "Publish the survey", promised_on=datetime.date(2026, 11, 28)),
        action(11, "act_weekly", "Meet the traders", repeats="weekly", theme_id=101),
        ActionNeed(partnership_id=1, action_id=10, needs_id=2),
    )
    for name, value in (("item", 8), ("priority", 9), ("action", 11), ("task group", 1)):
        await _add(session, Counter(partnership_id=1, name=name, value=value))


async def many(session: AsyncSession) -> None:
    """Three hundred of each, with titles as people write them."""
    titles = [LONG, RTL, MARKUP, "Short"]
    there = {"partnership_id": 3, "theme_id": None}
    owned = {"owner_id": 301, "organisation_id": 300, "created_by_id": 300}
    stages = ("proposed", "discovery", "mapping", "system action", "local action", "complete")
    rows: list[Model] = []
    for number in range(1, 301):
        title, key = f"{number}: {titles[number % 4]}"[:300], 3000 + number
        due = datetime.date(2026, 11, 1) + datetime.timedelta(days=number // 4)
        numbered: dict[str, Any] = {"number": number, **there}
        lead = {"sponsor_id": 300, "lead_id": 301, "score": number % 50 / 10 if number % 6 == 0 else None}
        rows += [
            action(
                key, f"act_many{number}", title, due_on=due, promised_on=due, **owned, **numbered,
                source="pri_many6" if number < 200 else "",
            ),
            item(key, f"itm_many{number}", title, raiser_id=301, organisation_id=300, **numbered),
            priority(key, f"pri_many{number}", title, stages[number % 6], **lead, **numbered, scoring=False),
        ]  # fmt: skip
    await _add(session, *rows)
