"""From what happened to the minutes: who was there, what was declared, decided, promised and parked, entry by entry."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.actions.models import Action
from core.agreements.models import Agreement, Elector
from core.db import new_ref
from core.meetings import queries as meetings
from core.meetings.agenda_models import AgendaEntry, Attendance, Paper
from core.meetings.attending import interests
from core.meetings.gathering import APOLOGIES, FORWARD, INTERESTS, MATTERS
from core.meetings.models import Meeting
from core.minutes import session as sessions
from core.minutes.models import MinuteSection, SessionNote
from core.partners.models import Member
from core.polls.models import Poll
from core.register.models import Entry
from core.texts import listed
from core.times import say_date

ATTENDANCE = "Attendance and apologies"
PASSED = {"passed": "Agreed", "not passed": "Not agreed", "no quorum": "Not decided, for want of a quorum"}


async def draft(session: AsyncSession, meeting: Meeting) -> int:
    """Write the sections of its minutes; those that somebody has edited stay as they are. How many there are."""
    made = await _sections(session, meeting)
    found = await session.execute(
        select(MinuteSection).where(MinuteSection.meeting_id == meeting.id, MinuteSection.edited_at.is_not(None))
    )
    edited = {each.entry_id: each for each in found.scalars()}
    await session.execute(
        delete(MinuteSection).where(MinuteSection.meeting_id == meeting.id, MinuteSection.edited_at.is_(None))
    )
    for place, each in enumerate(edited.values(), start=1):
        each.position = 10_000 + place  # out of the way of the new ones' places
    await session.flush()
    for place, (entry, title, lines) in enumerate(made, start=1):
        if (kept := edited.pop(entry, None)) is not None:
            kept.position = place
            continue
        session.add(
            MinuteSection(
                partnership_id=meeting.partnership_id, ref=new_ref("sec"), meeting_id=meeting.id, entry_id=entry,
                position=place, title=title, text="\n".join(lines),
            )
        )  # fmt: skip
    await session.flush()
    return len(made)


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


async def attendance(session: AsyncSession, meeting: Meeting) -> list[str]:
    """Who was there, who came instead of whom, who sent apologies, and whether there was a quorum."""
    names = await meetings.names_of(session, meeting.partnership_id)
    people, said = await sessions.expected(session, meeting), await meetings.replies(session, meeting)
    recorded = any(each.present is not None for each in said.values())
    there = [names[each.id] for each in people if _was_there(said.get(each.id), recorded)]
    instead = [
        f"{each.substitute} for {names[member]}" for member, each in said.items() if each.substitute and member in names
    ]
    sorry = [names[member] for member, each in said.items() if each.reply == "apologies" and member in names]
    lines = [f"Present: {listed(there)}." if there else "Nobody is recorded as present."]
    if not recorded and there:
        lines[0] += " As announced before the meeting; it was not recorded in it."
    if meeting.chair_id in names:
        lines.append(f"In the chair: {names[meeting.chair_id or 0]}.")
    if instead:
        lines.append(f"Substitutes: {listed(sorted(instead))}.")
    lines.append(f"Apologies: {listed(sorted(sorry))}." if sorry else "There were no apologies.")
    count = await meetings.forecast(session, meeting)
    if count.needed is not None:
        there_is = "was" if count.met else "was not"
        lines.append(
            f"{count.coming} of {count.partners} partners with a vote were represented; "
            f"the quorum of {count.needed} {there_is} present."
        )
    return lines


def _was_there(reply: Attendance | None, recorded: bool) -> bool:
    if reply is None:
        return False
    return bool(reply.present) if recorded else reply.reply == "yes"


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
