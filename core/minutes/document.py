"""The minutes of a meeting as a document to be sent and filed, for whoever may read them."""

from dataclasses import dataclass
from typing import ClassVar

from core.cards import Bold, Card, Line, Link, Params, Text
from core.commands import Context, Person, Sight, param
from core.documents import Block, Document, Facts, Heading, NumberedParagraph, Table
from core.errors import Refused
from core.files import File, Made, PlainText, link_to, said_of_links
from core.meetings import queries as meetings
from core.meetings.models import Meeting
from core.meetings.naming import say_length, say_where
from core.meetings.session_params import MinutesAsFile
from core.minutes import recording
from core.minutes import session as sessions
from core.minutes.drafting import actions_of
from core.partners import queries as partners
from core.requests import Reply, Whisper
from core.texts import lines_of
from core.times import say_date, say_moment

STANDING = {
    "draft": "Draft minutes, not circulated yet",
    "circulated": "Draft minutes, to be approved at a later meeting",
    "approved": "Minutes, as approved",
}


@dataclass(frozen=True)
class MinutesFile(Params):
    """The minutes of a meeting as a Word document, or as Markdown."""

    command: ClassVar[str] = "minutes.document"
    meeting: str = param("ref", "Meeting")
    plain: bool = param("toggle", "As Markdown", default=False, hidden=True)


async def _seen(sight: Sight, person: Person, ref: str) -> Meeting:
    """The meeting, if this person may read its minutes. Raises Refused."""
    meeting = await meetings.find(sight.session, sight.board, ref)
    await meetings.check_sees(sight.session, meeting, person)
    if meeting.record == "":
        raise Refused("There are no minutes yet. They are drafted when the meeting ends.")
    if meeting.record == "draft" and not meetings.may_run(meeting, person):
        raise Refused("The minutes are being drafted. You will see them when they go round.")
    return meeting


async def hand_out(context: Context, params: MinutesAsFile) -> Reply:
    """A link to the document, for who asked alone."""
    me = context.me
    meeting = await _seen(context.sight, me, params.meeting)
    word = link_to(context.session, me, MinutesFile(meeting.ref), context.now)
    plain = link_to(context.session, me, MinutesFile(meeting.ref, plain=True), context.now)
    words = said_of_links("Press the button")
    title = f"Minutes of meeting {meeting.number} as a document"
    links = Text((Link("Minutes (Word)", word), ", ", Link("Minutes (Markdown)", plain)))
    blocks = (Text((Bold(meeting.title),)), links, Text((words,), "subtle"))
    return Whisper(Card(title, blocks, f"{title}: {words}"))


async def make(sight: Sight, person: Person, params: MinutesFile) -> Made:
    """The document, if this person may still read the minutes. Raises Refused."""
    meeting = await _seen(sight, person, params.meeting)
    document = await minutes_document(sight, meeting)
    return Made(f"minutes-{meeting.number}", PlainText(document) if params.plain else document)


async def minutes_document(sight: Sight, meeting: Meeting) -> Document:
    """The minutes: the meeting's particulars, numbered sections and paragraphs, and the actions in a table."""
    session, board = sight.session, sight.board
    partnership = await partners.partnership(session, board)
    zone = partners.zone_of(partnership.timezone)
    names = await meetings.names_of(session, board)
    facts: list[tuple[str, Line]] = [
        ("Date", (say_moment(meeting.starts_at, zone),)),
        ("Length", (say_length(meeting.minutes),)),
        ("Place", (say_where(meeting),)),
    ]
    if meeting.chair_id in names:
        facts.append(("Chair", (names[meeting.chair_id or 0],)))
    blocks: list[Block] = [Facts(tuple(facts))]
    for section in await recording.sections(session, meeting):
        blocks.append(Heading(section.title, numbered=True))
        blocks += [NumberedParagraph((line,)) for line in lines_of(section.text)]
    refs = {note.about for note in await sessions.notes(session, meeting) if note.kind == "action"}
    actions = await actions_of(session, board, refs)
    if actions:
        rows: list[tuple[Line, ...]] = [
            ((str(action.number),), (action.title,), (owner or "to be owned",), (say_date(action.due_on),))
            for action, owner in actions.values()
        ]
        blocks.append(Heading("Actions"))
        caption = "What was promised at this meeting, by whom and by when"
        blocks.append(Table(("No.", "Action", "Owner", "Due"), tuple(rows), caption, widths=(2, 8, 4, 4)))
    return Document(
        title=f"{meeting.title}: minutes",
        blocks=tuple(blocks),
        made_at=sight.now,
        subtitle=f"{partnership.name}. {STANDING[meeting.record]}.",
        subject=f"Minutes of meeting {meeting.number}",
        author=partnership.name,
    )


FILE = File(params=MinutesFile, make=make)
