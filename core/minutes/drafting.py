"""From what happened to the minutes: who was there, what was declared, decided, promised and parked, entry by entry."""

import textwrap
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.actions.models import Action
from core.agreements.models import Agreement, Elector
from core.db import new_ref
from core.meetings import queries as meetings
from core.meetings.agenda_models import AgendaEntry, Paper
from core.meetings.attending import interests
from core.meetings.gathering import APOLOGIES, FORWARD, INTERESTS, MATTERS
from core.meetings.models import Meeting
from core.minutes import session as sessions
from core.minutes.models import MinuteSection, SessionNote
from core.minutes.presence import attendance
from core.partners.models import Member
from core.polls.models import Poll
from core.register.models import Entry
from core.texts import listed
from core.times import say_date

ATTENDANCE = "Attendance and apologies"
ROOM = 2_800
"""UTF-16 units of a section: a form takes 3,000, and whoever corrects one wants to add a word."""
PASSED = {"passed": "Agreed", "not passed": "Not agreed", "no quorum": "Not decided, for want of a quorum"}


async def draft(session: AsyncSession, meeting: Meeting) -> int:
    """Write the sections of its minutes; an entry's that somebody has edited stay as they are. How many there are."""
    made = await _sections(session, meeting)
    found = await session.execute(
        select(MinuteSection).where(MinuteSection.meeting_id == meeting.id).order_by(MinuteSection.position)
    )
    kept = defaultdict[int | None, list[MinuteSection]](list)
    before = found.scalars().all()
    edited = {each.entry_id for each in before if each.edited_at is not None}
    for place, each in enumerate(before, start=1):
        if each.entry_id in edited:
            kept[each.entry_id].append(each)
            each.position = 10_000 + place  # out of the way of the new ones' places
        else:
            await session.delete(each)
    await session.flush()
    place = 0
    for entry, title, lines in made:
        for section in kept.pop(entry, ()):
            place += 1
            section.position = place
        if entry in edited:
            continue
        for nth, part in enumerate(in_parts(lines)):
            place += 1
            session.add(
                MinuteSection(
                    partnership_id=meeting.partnership_id, ref=new_ref("sec"), meeting_id=meeting.id, entry_id=entry,
                    position=place, title=f"{title[:280]}, continued" if nth else title, text="\n".join(part),
                )
            )  # fmt: skip
    await session.flush()
    return place


def in_parts(lines: Sequence[str], room: int = ROOM) -> list[list[str]]:
    """The paragraphs in parts of at most `room` UTF-16 units; a paragraph that is longer is divided at a word's end.

    Neither tool's forms take longer texts, and what can't be shown whole in a form would be lost when it is saved.
    """
    parts: list[list[str]] = [[]]
    used = 0
    for line in (piece for whole in lines for piece in _divided(whole, room)):
        if parts[-1] and used + _units(line) + 1 > room:
            parts.append([])
            used = 0
        parts[-1].append(line)
        used += _units(line) + 1
    return parts


def _divided(text: str, room: int) -> Iterator[str]:
    for line in text.splitlines():
        if _units(line) <= room:
            yield line
        else:  # a character takes two units at most
            yield from textwrap.wrap(line, room // 2, break_on_hyphens=False)


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


async def _sections(session: AsyncSession, meeting: Meeting) -> list[tuple[int | None, str, list[str]]]:
    """Key of the entry (none for attendance), heading and paragraphs of each section."""
    entries = await meetings.entries(session, meeting)
    by_entry = defaultdict[int | None, list[SessionNote]](list)
    for note in await sessions.notes(session, meeting):
        by_entry[note.entry_id].append(note)
    teller = await _teller(session, meeting)
    opening = next((each.id for each in entries if each.about == APOLOGIES), None)
    first = [*await attendance(session, meeting), *teller.tell(by_entry.pop(opening, []) if opening else [])]
    made: list[tuple[int | None, str, list[str]]] = [(None, ATTENDANCE, first)]
    for entry in entries:
        if entry.about == APOLOGIES or (entry.kind == "matter" and entry.state == "parked" and entry.minutes == 0):
            continue  # the one is told above, the others where they came up
        lines = [*await teller.before(entry), *teller.tell(by_entry.pop(entry.id, []))]
        made.append((entry.id, entry.title, lines or [_nothing(entry)]))
    rest = [note for each in by_entry.values() for note in each]
    if rest:
        last = made[-1]
        made[-1] = (last[0], last[1], [*last[2], *teller.tell(rest)])
    return made


def _nothing(entry: AgendaEntry) -> str:
    if entry.state == "parked":
        return "The meeting did not come to this; it is carried forward to the next one."
    return {"noting": "Noted."}.get(entry.wants, "Discussed; nothing was decided.")


class _Teller:
    """Says what happened in the words of minutes; knows everything that the notes of one meeting point at."""

    def __init__(self, session: AsyncSession, meeting: Meeting) -> None:
        self.session, self.meeting = session, meeting
        self.agreements: dict[str, tuple[Agreement, Sequence[Elector]]] = {}
        self.polls: dict[str, Poll] = {}
        self.actions: dict[str, tuple[Action, str]] = {}
        self.changes: Mapping[str, Sequence[Entry]] = {}
        self.papers: Sequence[Paper] = ()
        self.declared: Sequence[str] = ()
        self.parked: Sequence[str] = ()

    def tell(self, notes: Sequence[SessionNote]) -> list[str]:
        """The paragraphs of these notes."""
        return [line for note in notes for line in self._of(note)]

    def _of(self, note: SessionNote) -> list[str]:
        match note.kind:
            case "decision":
                why = f" Reason: {note.reason}" if note.reason else ""
                return [f"DECIDED ({note.number}): {note.text}{why}"]
            case "agreement" if note.about in self.agreements:
                return self._agreement(*self.agreements[note.about])
            case "poll" if note.about in self.polls:
                poll = self.polls[note.about]
                if poll.state == "deleted":
                    return [f"POLL {poll.number} was deleted later."]
                said = poll.statement or "It is still open."
                return [f"POLL {poll.number}: {poll.title} {said}"]
            case "action" if note.about in self.actions:
                action, owner = self.actions[note.about]
                return [
                    f"ACTION {action.number}: {action.title} ({owner or 'to be owned'}, by {say_date(action.due_on)})."
                ]
            case "parked":
                return [f"PARKED for a later meeting: {note.text}"]
        return [note.text]

    def _agreement(self, agreement: Agreement, electors: Sequence[Elector]) -> list[str]:
        name = f"AGREEMENT {agreement.number}: {agreement.title}"
        if agreement.result is None:
            return [f"{name}. It was put to the partners, and voting had not closed."]
        number = f" ({agreement.decision})" if agreement.decision else ""
        result = PASSED[agreement.result]
        said = agreement.statement if agreement.statement.startswith(result) else f"{result}. {agreement.statement}"
        lines = [f"{name}{number}. {said}"]
        stood = defaultdict[str, list[str]](list)
        for each in electors:
            if each.position:
                stood[each.position].append(f"{each.name} ({each.reason})" if each.reason else each.name)
        roll = [f"{position.capitalize()}: {listed(names)}." for position, names in sorted(stood.items())]
        recused = [each.name for each in electors if each.recused_at is not None]
        roll += [f"Took no part, having declared an interest: {listed(recused)}."] if recused else []
        return [*lines, " ".join(roll)] if roll else lines

    async def before(self, entry: AgendaEntry) -> list[str]:
        """What an entry has to say before what happened below it."""
        if entry.about == INTERESTS:
            return list(self.declared) or ["No interests were declared."]
        if entry.about == MATTERS:
            return await self._matters()
        if entry.about == FORWARD:
            return [f"For a later meeting: {each}" for each in self.parked] or ["There were none."]
        lines = [
            f"Paper {each.number}, {each.title}, by {each.report_of}, was before the meeting."
            for each in self.papers
            if each.entry_id == entry.id
        ]
        if entry.kind == "agreement":
            found = self.changes.get(entry.about, ())
            lines += [f"{each.title}: {each.kind}. {each.detail.get('note', '')}".strip() for each in found]
        return lines

    async def _matters(self) -> list[str]:
        last = await meetings.last_before(self.session, self.meeting)
        if last is None:
            return []
        promised = {note.about for note in await sessions.notes(self.session, last) if note.kind == "action"}
        found = await actions_of(self.session, self.meeting.partnership_id, promised)
        lines = [
            f"Action {action.number}, {action.title} ({owner or 'to be owned'}): "
            + (
                f"done. {action.outcome}"
                if action.state == "done"
                else f"{action.state}, due {say_date(action.due_on)}."
            )
            for action, owner in found.values()
        ]
        return lines or ["There were none."]


async def actions_of(session: AsyncSession, board: int, refs: set[str]) -> dict[str, tuple[Action, str]]:
    """These actions with the names of their owners, by reference, in the order of their numbers."""
    rows = await session.execute(
        select(Action, Member.name)
        .outerjoin(Member, Member.id == Action.owner_id)
        .where(Action.partnership_id == board, Action.ref.in_(refs))
        .order_by(Action.number)
    )
    return {action.ref: (action, name or "") for action, name in rows.tuples()}


async def _teller(session: AsyncSession, meeting: Meeting) -> _Teller:
    teller, board = _Teller(session, meeting), meeting.partnership_id
    about = {note.about for note in await sessions.notes(session, meeting) if note.about}
    found = await session.execute(select(Agreement).where(Agreement.partnership_id == board, Agreement.ref.in_(about)))
    for agreement in found.scalars():
        electors = await session.execute(
            select(Elector).where(Elector.agreement_id == agreement.id).order_by(Elector.name)
        )
        teller.agreements[agreement.ref] = (agreement, electors.scalars().all())
    polls = await session.execute(select(Poll).where(Poll.partnership_id == board, Poll.ref.in_(about)))
    teller.polls = {each.ref: each for each in polls.scalars()}
    teller.parked = [each.title for each in await meetings.entries(session, meeting) if each.state == "parked"]
    teller.actions = await actions_of(session, board, about)
    papers = await session.execute(
        select(Paper)
        .where(Paper.partnership_id == board, Paper.meeting_id == meeting.id, Paper.state == "in", ~Paper.restricted)
        .order_by(Paper.number)
    )
    teller.papers = papers.scalars().all()
    teller.declared = [
        f"{name} declared an interest in “{entry.title}”: {interest.nature}"
        for entry, name, interest in await interests(session, meeting)
    ]
    changes = defaultdict[str, list[Entry]](list)
    if meeting.opened_at is not None:
        rows = await session.execute(
            select(Entry)
            .where(
                Entry.partnership_id == board,
                Entry.at >= meeting.opened_at,
                Entry.kind.in_(("ratified", "not ratified")),
                *([Entry.at <= meeting.ended_at] if meeting.ended_at else []),
            )
            .order_by(Entry.position)
        )
        for change in rows.scalars():
            changes[change.subject].append(change)
    teller.changes = changes
    return teller
