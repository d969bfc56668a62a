"""Handing out the results of a closed poll as files, to whoever may see them."""

from dataclasses import dataclass
from typing import ClassVar

from core.cards import Bold, Card, Line, Link, Listing, Option, Params, Text
from core.commands import Context, Person, Sight, param
from core.errors import Refused
from core.files import File, Made, link_to, said_of_links
from core.polls import pictures, queries
from core.polls.counting import Shape
from core.polls.keepsakes import drawing, results, workbook
from core.polls.params import ExportPoll
from core.polls.pictures import Picture
from core.polls.seeing import check_may_see
from core.requests import Reply, Whisper

FORMS = (
    Option("Picture of the bars (SVG)", "svg"),
    Option("Spreadsheet (Excel, with everything)", "xlsx"),
    Option("Plain table (CSV)", "csv"),
)
STILL_OPEN = "Results can be exported once the poll has closed."


@dataclass(frozen=True)
class PollFile(Params):
    """The results of a poll as a file. form: csv, xlsx or svg."""

    command: ClassVar[str] = "polls.file"
    poll: str = param("ref", "Poll")
    form: str = param("choice", "Kind of file", choices=FORMS)


async def export(context: Context, params: ExportPoll) -> Reply:
    """Links to the results as files, for who asked alone."""
    me = context.me
    picture = await _seen(context.sight, me, params.poll)
    drawn = any(asked.shape is not Shape.TEXT for asked in picture.asked)
    forms = [form for form in FORMS if drawn or form.value != "svg"]
    links: list[Line] = [
        (Link(form.label, link_to(context.session, me, PollFile(params.poll, form.value), context.now)),)
        for form in forms
    ]
    words = said_of_links("Press Export")
    title = f"Results of poll {picture.poll.number} as files"
    blocks = (Text((Bold(picture.poll.title),)), Listing(tuple(links)), Text((words,), "subtle"))
    return Whisper(Card(title, blocks, f"{title}: {words}"))


async def make(sight: Sight, person: Person, params: PollFile) -> Made:
    """One of these files, if this person may still see the results. Raises Refused."""
    picture = await _seen(sight, person, params.poll)
    name = f"poll-{picture.poll.number}"
    match params.form:
        case "svg":
            return Made(name, drawing(picture, person.zone))
        case "xlsx":
            return Made(name, workbook(picture, sight.now, person.zone))
        case "csv":
            return Made(name, results(picture))
    raise Refused("There is no such file.")


async def _seen(sight: Sight, person: Person, ref: str) -> Picture:
    poll = await queries.find(sight.session, sight.board, ref)
    await check_may_see(sight.session, poll, person)
    if poll.state != "closed":
        raise Refused(STILL_OPEN)
    picture = await pictures.picture(sight.session, sight.board, ref, everyone=True)
    if picture is None:
        raise Refused(queries.NOT_YOURS)
    return picture


FILE = File(params=PollFile, make=make)
