"""What has gone astray and waits for who runs a meeting: nobody began or ended it, or a paper has lost its author."""

from datetime import timedelta

from sqlalchemy import select

from core.cards import Bold, Button, Line
from core.commands import STEERING, Person, Sight
from core.concerns import Entry
from core.meetings import queries
from core.meetings.agenda_models import Paper
from core.meetings.agenda_params import AskPaper, ShowPaper
from core.meetings.models import AHEAD, Meeting
from core.meetings.naming import name_of
from core.meetings.params import CancelMeeting, MoveMeeting, ShowMeeting
from core.meetings.session_params import ShowChair
from core.partners.models import Member
from core.times import say_moment

LEFT_AFTER = timedelta(hours=1)
"""So long after its end a meeting that nobody began, or nobody ended, waits for who runs it."""


async def left_standing(sight: Sight, person: Person) -> list[Entry]:
    """For who runs them: meetings that nobody has begun, and those that nobody has ended."""
    rows = await sight.session.execute(
        select(Meeting)
        .where(
            Meeting.partnership_id == sight.board,
            Meeting.state.in_((*AHEAD, "open")),
            Meeting.starts_at < sight.now - LEFT_AFTER,
        )
        .order_by(Meeting.starts_at.desc())
        .limit(5)
    )
    found: list[Entry] = []
    for meeting in rows.scalars():
        if not queries.may_run(meeting, person) or meeting.ends_at > sight.now - LEFT_AFTER:
            continue
        if meeting.state == "open":
            line: Line = (Bold(name_of(meeting)), " — is still in session. End it, and its minutes are drafted.")
            found.append(Entry(line, (Button("Chair's card", ShowChair(meeting.ref)),)))
        else:
            when = say_moment(meeting.starts_at, person.zone)
            line = (Bold(name_of(meeting)), f" — nobody began it ({when}). Begin it late, move it or cancel it.")
            ways = [Button("The meeting", ShowMeeting(meeting.ref))]
            if person.role in STEERING:
                ways += [Button("Move it", MoveMeeting(meeting.ref), asks=True)]
                ways += [Button("Cancel it", CancelMeeting(meeting.ref), asks=True)]
            found.append(Entry(line, tuple(ways)))
    return found


async def orphaned(sight: Sight) -> list[Entry]:
    """Papers that were asked of somebody who has left the board since."""
    rows = await sight.session.execute(
        select(Paper, Meeting, Member.name)
        .join(Meeting, Meeting.id == Paper.meeting_id)
        .join(Member, Member.id == Paper.author_id)
        .where(
            Paper.partnership_id == sight.board,
            Paper.state == "asked",
            Member.left_at.is_not(None),
            Meeting.state.in_(AHEAD),
            Meeting.starts_at > sight.now,
        )
        .order_by(Meeting.starts_at, Paper.number)
        .limit(5)
    )
    found: list[Entry] = []
    for paper, meeting, name in rows.tuples():
        said = f" — {name} has left the board. Ask somebody else, or let it go."
        ask = Button("Ask for a paper", AskPaper(meeting.ref), asks=True)
        line: Line = (Bold(f"Paper {paper.number}: {paper.title}"), said)
        found.append(Entry(line, (ask, Button("Look at it", ShowPaper(paper.ref)))))
    return found
