"""The cards of reminders: what waits for one person, a week's digest, and how one is reminded."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from core.agreements.views import ListAgreements
from core.cards import Block, Bold, Button, Buttons, Card, Divider, Facts, Heading, Line, Listing, Params, Text
from core.concerns import Entry, Home, News
from core.register.commands import RESULTS, ListDecisions
from core.register.models import Entry as Decision
from core.reminders.models import Preference, Rhythm, clock_time
from core.reminders.params import ChangeReminders
from core.reminders.reading import say_quiet
from core.times import say_date, say_moment
from core.timewords import WEEKDAYS

MOST = 5  # entries with buttons of their own; more are counted, with the list a click away
HOW: Line = ("Too many, or at the wrong hour? Type ", Bold("reminders"), ".")
DIGESTS = {
    "daily": "As they fall due, on one card a day",
    "weekly": "In the weekly digest only, but for what is urgent",
    "off": "Off",
}


def things_wait(count: int) -> str:
    """A count of things in words, such as `3 things wait`."""
    return f"{count} {'thing waits' if count == 1 else 'things wait'}"


def reminder_card(entries: Sequence[Entry], done: int, board: str) -> Card:
    """What waits for one person, each with its buttons; once all is done, a word of thanks."""
    if not entries:
        words = "All done: nothing on this card waits for you any more."
        return Card(title="All done", blocks=(Text((words,), "good"),), summary=words)
    blocks: list[Block] = [Text((f"{board}. ", *HOW), "subtle")]
    for entry in entries[:MOST]:
        blocks += [Text(entry.line), Buttons(entry.buttons)]
    blocks += _rest(len(entries) - MOST)
    if done:
        blocks.append(Text((f"{done} of {done + len(entries)} done.",), "good"))
    words = f"{things_wait(len(entries))} for you"
    return Card(title=words, blocks=tuple(blocks), summary=f"{board}: {words}.")


def _rest(more: int) -> list[Block]:
    if more <= 0:
        return []
    words = f"… and {more} more."
    return [Text((words,)), Buttons((Button("See them all", Home()),))]


@dataclass(frozen=True, slots=True)
class Week:
    """What a digest tells: decisions taken from a day up to another, what waits and what is late now."""

    board: str
    begins: datetime.date
    ends: datetime.date
    decided: Sequence[Decision]
    news: Sequence[News]

    @property
    def waits(self) -> list[Line]:
        """What waits for partners."""
        return [line for each in self.news for line in each.waits]

    @property
    def late(self) -> list[Line]:
        """What should have happened by now."""
        return [line for each in self.news for line in each.late]


def _kept(week: Week) -> list[Block]:
    """Promises kept, named before what is late."""
    lines = tuple(line for each in week.news for line in each.kept)
    return [Listing(lines, title="Promises kept")] if lines else []


def digest_card(week: Week, entries: Sequence[Entry] | None, zone: ZoneInfo) -> Card | None:
    """The week in one card; for one person with what waits for him or her, `entries`. None if nothing happened."""
    waits, late = week.waits, week.late
    if not (week.decided or waits or late or entries or _kept(week)):
        return None
    days = f"{say_date(week.begins)} to {say_date(week.ends)}"
    blocks: list[Block] = [Text((days,) if entries is None else (f"{days}. ", *HOW), "subtle")]
    for entry in (entries or ())[:MOST]:
        if entry is (entries or ())[0]:
            blocks.append(Heading("Waiting for you"))
        blocks += [Text(entry.line), Buttons(entry.buttons)]
    blocks += _rest(len(entries or ()) - MOST)
    if week.decided:
        lines = tuple(_decision(each, zone) for each in week.decided)
        blocks.append(Listing(lines, title="Decided", more=ListDecisions()))
    blocks += _kept(week)
    if waits:
        blocks.append(Listing(tuple(waits), title="What waits", more=_all_of([e for e in week.news if e.waits])))
    if late:
        blocks.append(Listing(tuple(late), title="What is late", more=_all_of([e for e in week.news if e.late])))
    buttons = Buttons((*_lists(week), Button("Decisions", ListDecisions())))
    blocks += [Divider(), buttons]
    told = [f"{len(week.decided)} decided", f"{len(waits)} waiting", f"{len(late)} late"]
    return Card(
        title=f"The week of the {week.board}", blocks=tuple(blocks), summary=f"{week.board}: {', '.join(told)}."
    )


def _all_of(news: Sequence[News]) -> Params:
    """Where all of these lines are: the list of the one feature that they are of, else everybody's own home."""
    only = news[0].more if len(news) == 1 else None
    return only.does if only else Home()


def _lists(week: Week) -> tuple[Button, ...]:
    """The way to the list of each feature that the digest tells of; agreements are always among them."""
    ways = [each.more for each in week.news if each.more and (each.waits or each.late or each.kept)]
    agreements = Button("Agreements", ListAgreements())
    return (agreements, *(each for each in ways if each != agreements))


def _decision(decision: Decision, zone: ZoneInfo) -> Line:
    result = RESULTS.get(str(decision.detail.get("result")), "decided")
    return (Bold(decision.number or ""), f" {decision.title} — {result}, {say_moment(decision.at, zone)}")


def mine_card(
    preference: Preference,
    planned: Sequence[tuple[datetime.datetime, Entry]],
    zone: ZoneInfo,
    now: datetime.datetime,
    note: str = "",
) -> Card:
    """How a member is reminded, and what is planned."""
    blocks: list[Block] = [Text((note,), "good")] if note else []
    facts: list[tuple[str, Line]] = [
        ("Reminders", (DIGESTS[preference.digest],)),
        ("Quiet hours", (say_quiet(preference.quiet_from, preference.quiet_to),)),
        ("Your time zone", (zone.key,)),
    ]
    if preference.is_away(now) and preference.paused_until is not None:
        facts.insert(0, ("Paused until", (Bold(say_moment(preference.paused_until, zone)),)))
    blocks.append(Facts(tuple(facts)))
    if planned:
        lines = tuple((*entry.line, f" Reminder {say_moment(moment, zone)}.") for moment, entry in planned)
        blocks.append(Listing(lines, title="Planned for the next two days", more=ListAgreements("open")))
    else:
        blocks.append(Text(("No reminder is planned for you within the next two days.",), "subtle"))
    blocks.append(Buttons((Button("Change", ChangeReminders(), asks=True),)))
    blocks.append(Text(("Nothing comes on weekends and bank holidays, unless it is urgent.",), "subtle"))
    words = note or f"Reminders: {DIGESTS[preference.digest].lower()}."
    return Card(title="Your reminders", blocks=tuple(blocks), summary=words)


def say_rhythm(rhythm: Rhythm) -> str:
    """When the digest goes out, in a sentence."""
    if rhythm.weekday is None:
        return "The board's weekly digest is off."
    day, at = WEEKDAYS[rhythm.weekday], clock_time(rhythm.minute)
    return f"The board's weekly digest goes out on {day}s at {at:%H:%M}, or the next working day."
