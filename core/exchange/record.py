"""The registers of a board as one document, for members who read it on paper or in Word."""

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from core.agreements.cards import RULE_WORDS
from core.agreements.rules import Rule
from core.cards import Line
from core.documents import Block, Document, Facts, Heading, Paragraph, Table, labelled, prose
from core.exchange.meeting_record import meeting_registers
from core.exchange.plain import Row, moment_in
from core.texts import first_line, listed
from core.times import say_date, say_moment

RESULTS = {"passed": "Agreed", "not passed": "Not agreed", "no quorum": "Not decided, for want of a quorum"}
LATER = ("ratified", "approved", "not ratified", "not approved", "reopened")
EFFECTS = {"binding": "at once", "ratify": "once it is ratified at {}", "approval": "once {} has approved it"}
GOING = ("open", "in progress", "blocked")


def record(exported: Row, now: datetime.datetime) -> Document:
    """Of what `export_board` gave: every decision with who stood where, the newest first, then every action."""
    board = exported["partnership"]
    zone = ZoneInfo(board["timezone"])
    decisions: Sequence[Row] = list(reversed(exported["register"]))
    today = now.astimezone(zone).date()
    front: list[tuple[str, Line]] = [
        ("Partnership", (board["name"],)),
        ("Place", (board["place"],)),
        ("Written down", (say_moment(now, zone),)),
        ("In it", (_contents(decisions, exported["actions"], today),)),
    ]
    return Document(
        title=f"{board['name']}: decisions and actions",
        subtitle=f"As of {say_date(today)}",
        subject="The decision register and the actions of the partnership",
        author=board["name"],
        made_at=now,
        blocks=(
            Facts(tuple((label, line) for label, line in front if any(line))),
            Heading("Decisions"),
            *_decisions(decisions, _later(exported["changes"], zone), zone),
            Heading("Actions"),
            *_actions(exported["actions"], today),
            *meeting_registers(exported, now, zone),
        ),
    )


def _contents(decisions: Sequence[Row], actions: Sequence[Row], today: datetime.date) -> str:
    going = [each for each in actions if each["state"] in GOING]
    late = sum(1 for each in going if datetime.date.fromisoformat(each["due"]) < today)
    return listed(
        [
            _counted(len(decisions), "decision"),
            f"{_counted(len(going), 'action')} under way, {late} of them late",
            f"{_counted(len(actions) - len(going), 'action')} ended",
        ]
    )


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _later(changes: Sequence[Row], zone: ZoneInfo) -> Mapping[str, list[str]]:
    """What became of a decision after it was taken, by its number: ratified or not, or opened again."""
    found: dict[str, list[str]] = {}
    for change in changes:
        if change["kind"] in LATER and change["detail"].get("decision"):
            said = f"{change['kind'].capitalize()} on {say_moment(moment_in(change['created_at']), zone)}"
            found.setdefault(change["detail"]["decision"], []).append(said)
    return found


def _decisions(decisions: Sequence[Row], later: Mapping[str, list[str]], zone: ZoneInfo) -> Iterator[Block]:
    if not decisions:
        yield Paragraph(("The board has taken no decisions yet.",))
        return
    yield Table(
        ("Number", "Decision", "Result", "Date"),
        tuple(
            (
                (str(each["number"]),),
                (each["title"],),
                (RESULTS.get(each["state"], str(each["state"])),),
                (say_date(moment_in(each["created_at"]).astimezone(zone).date()),),
            )
            for each in decisions
        ),
        "All decisions, the newest first",
        (3, 7, 3, 3),
    )
    for each in decisions:
        yield from _decision(each, later.get(each["number"], ()), zone)


def _decision(decision: Row, later: Sequence[str], zone: ZoneInfo) -> Iterator[Block]:
    yield Heading(f"{decision['number']}: {decision['title']}", level=2)
    facts: list[tuple[str, Line]] = [
        ("Result", (RESULTS.get(decision["state"], str(decision["state"])),)),
        ("Outcome", (decision.get("statement") or "",)),
        ("Decided", (say_moment(moment_in(decision["created_at"]), zone),)),
        ("Rule", (RULE_WORDS[Rule(decision["rule"])] if decision.get("rule") else "",)),
    ]
    effect = EFFECTS.get(decision.get("effect", ""), "")
    if decision["state"] == "passed" and effect:
        facts.append(("Takes effect", (effect.format(decision.get("effect_detail") or "the board"),)))
    if decision.get("review_on"):
        facts.append(("Review on", (say_date(datetime.date.fromisoformat(decision["review_on"])),)))
    if later:
        facts.append(("Since then", ("; ".join(later),)))
    yield Facts(tuple((label, line) for label, line in facts if any(line)))
    if decision.get("text"):
        yield labelled("The text that was put to the partners:")
        yield from prose(decision["text"])
    roll = decision.get("roll") or ()
    if roll:
        yield _roll(decision, roll)


def _roll(decision: Row, roll: Sequence[Row]) -> Table:
    took_part, entitled = decision.get("took_part"), decision.get("entitled")
    return Table(
        ("Voter", "Position", "Reason"),
        tuple(((each["voter"],), (_position(each),), (each.get("reason") or "",)) for each in roll),
        f"Who stood where on {decision['number']}: {took_part} of {entitled} took part",
        (4, 3, 6),
    )


def _position(voter: Row) -> str:
    if voter.get("recused"):
        return "Stood aside, having an interest"
    if not voter.get("position"):
        return "Took no part"
    return f"{voter['position'].capitalize()}{' (by ' + voter['by'] + ')' if voter.get('by') else ''}"


def _actions(actions: Sequence[Row], today: datetime.date) -> Iterator[Block]:
    going = sorted((each for each in actions if each["state"] in GOING), key=lambda each: (each["due"], each["number"]))
    ended = sorted((each for each in actions if each["state"] not in GOING), key=_ended, reverse=True)
    if not actions:
        yield Paragraph(("Nobody has promised an action yet.",))
        return
    yield Heading("Under way", level=2)
    if not going:
        yield Paragraph(("No action is under way.",))
    else:
        yield _table(going, "Due", "Actions under way, by the day they are due", lambda each: _due(each, today))
    if ended:
        yield Heading("Done and dropped", level=2)
        yield _table(ended, "Ended", "Actions that have ended, the newest first", _close)


def _table(actions: Iterable[Row], when: str, caption: str, say: Any) -> Table:
    return Table(
        ("No.", "Action", "Owner", when, "State"),
        tuple(
            (
                (str(each["number"]),),
                (each["title"],),
                (", ".join(name for name in (each["owner"], each["organisation"]) if name),),
                (say(each),),
                (_state(each),),
            )
            for each in actions
        ),
        caption,
        (2, 9, 7, 5, 6),
    )


def _due(action: Row, today: datetime.date) -> str:
    day = datetime.date.fromisoformat(action["due"])
    return f"{say_date(day)}{' (late)' if day < today else ''}"


def _ended(action: Row) -> tuple[str, int]:
    return action["closed"] or "", action["number"]


def _close(action: Row) -> str:
    return say_date(datetime.date.fromisoformat(action["closed"])) if action["closed"] else ""


def _state(action: Row) -> str:
    said = action["state"].capitalize()
    why = action["blocked"] if action["state"] == "blocked" else action["outcome"] or action["note"]
    return f"{said}: {first_line(why, 200)}" if why else said
