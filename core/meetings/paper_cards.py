"""The cards of papers, and of who comes to a meeting."""

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from core.cards import Block, Bold, Button, Buttons, Card, Facts, Heading, Line, Link, Listing, Menu, Prose, Text
from core.meetings.agenda_cards import WANTS
from core.meetings.agenda_models import Attendance, Paper
from core.meetings.agenda_params import AskPaper, DropPaper, HandIn, ListPapers, ShowAgenda, ShowAttendance, ShowPaper
from core.meetings.cards import say_forecast
from core.meetings.models import AHEAD, Meeting
from core.meetings.naming import name_of
from core.meetings.params import ShowMeeting
from core.meetings.queries import Forecast
from core.paging import Place, paged, turning
from core.partners.models import Member
from core.texts import lines_of
from core.times import say_date, say_moment

PAGE = 20


def paper_name(paper: Paper) -> str:
    """What people call it: its number and title."""
    return f"Paper {paper.number}: {paper.title}"


def numbered(text: str, first: int = 1) -> list[str]:
    """The lines of a text as numbered paragraphs."""
    return [f"{place}. {line}" for place, line in enumerate(lines_of(text), start=first)]


def paper_card(
    paper: Paper, meeting: Meeting, author: str, zone: ZoneInfo, page: int = 1, say: str = "", *, readers: str = ""
) -> Card:
    """A paper with its front sheet, a page at a time; one that is not in yet with the way to hand it in."""
    title = paper_name(paper)
    blocks: list[Block] = [Text((say,), "attention")] if say else []
    if paper.restricted:
        blocks.append(
            Text((Bold("Restricted. "), f"For {readers or 'its author and those who steer the board'}."), "attention")
        )
    if paper.state == "asked":
        due = say_moment(meeting.papers_due_at, zone)
        words = f"Asked of {author or 'nobody yet'} for {name_of(meeting)}, by {due}."
        ways = [Button("Hand it in", HandIn(paper.ref), style="primary", asks=True)]
        ways += [Button("The meeting", ShowMeeting(meeting.ref)), Button("Not wanted any more", DropPaper(paper.ref))]
        return Card(title=title, blocks=(*blocks, Text((words,)), Buttons(tuple(ways))), summary=f"{title}. {words}")
    parts = _parts(paper, meeting, author)
    pages = paged(parts)
    page = min(max(1, page), len(pages))
    ways = [Button("Papers", ListPapers(meeting.ref)), Button("Change it", HandIn(paper.ref), asks=True)]
    blocks += [*pages[page - 1], *turning(page, len(pages), lambda to: ShowPaper(paper.ref, to)), Buttons(tuple(ways))]
    return Card(title=title, blocks=tuple(blocks), summary=f"{title}, report of {paper.report_of}.")


def _parts(paper: Paper, meeting: Meeting, author: str) -> list[list[Block]]:
    facts: list[tuple[str, Line]] = [("Report to", (name_of(meeting),)), ("Report of", (paper.report_of or author,))]
    if paper.dated:
        facts.append(("Date", (say_date(paper.dated),)))
    facts.append(("Input requested", (WANTS[paper.wants],)))
    if paper.contact:
        facts.append(("Contact", (paper.contact,)))
    if paper.link:
        facts.append(("Read it at", (Link(paper.link, paper.link),)))
    parts: list[list[Block]] = [[Facts(tuple(facts))], [Heading("Summary and purpose"), Prose(paper.summary)]]
    place = 1
    for heading, text in (
        ("Paper", paper.body),
        ("Implications", paper.implications),
        ("Recommendations", paper.recommendations),
    ):
        lines = numbered(text, place)
        if lines:
            parts.append([Heading(heading), Prose("\n".join(lines))])
            place += len(lines)
    return parts


def papers_card(
    papers: Sequence[Paper], meeting: Meeting, names: Mapping[int, str], page: int = 1, *, may_run: bool
) -> Card:
    """The papers of a meeting that somebody may see, a page at a time."""
    title = f"Papers: {name_of(meeting)}"
    ask = may_run and meeting.state in AHEAD
    ways = [Button("Ask for a paper", AskPaper(meeting.ref), style="primary", asks=True)] if ask else []
    row = Buttons((*ways, Button("Agenda", ShowAgenda(meeting.ref)), Button("The meeting", ShowMeeting(meeting.ref))))
    if not papers:
        words = "There are no papers yet."
        return Card(title=title, blocks=(Text((words,)), row), summary=f"{title}: none.")
    place = Place(page, len(papers), PAGE)
    here = place.here(papers)
    lines: tuple[Line, ...] = tuple(
        (Bold(f"{each.number}. {each.title}"), f" — {names.get(each.author_id or 0, 'nobody')}; {_state(each)}")
        for each in here
    )
    menu = Menu("Open a paper", tuple(Button(paper_name(each), ShowPaper(each.ref)) for each in here))
    word = "paper" if len(papers) == 1 else "papers"
    turns = place.turning(lambda to: ListPapers(meeting.ref, to))
    blocks = (Listing(lines, bullets=False), menu, *turns, row)
    return Card(title=title, blocks=blocks, summary=f"{title}: {len(papers)} {word}.")


def _state(paper: Paper) -> str:
    return ("in" if paper.state == "in" else "not in yet") + (", restricted" if paper.restricted else "")


def attendance_card(
    meeting: Meeting,
    people: Sequence[Member],
    said: Mapping[int, Attendance],
    names: Mapping[int, str],
    forecast: Forecast,
    page: int = 1,
) -> Card:
    """Who comes, who does not, and who has not said."""
    title = f"Who comes: {name_of(meeting)}"
    place = Place(page, len(people), PAGE)
    lines = tuple(
        _line(each, said.get(each.id), names, over=meeting.state in ("open", "ended")) for each in place.here(people)
    )
    words = f"{say_forecast(forecast)}."
    blocks: list[Block] = [Text((words,), "plain" if forecast.met else "attention"), Listing(lines, bullets=False)]
    if forecast.silent:
        blocks.append(Text((f"{forecast.silent} {'has' if forecast.silent == 1 else 'have'} not said yet.",), "subtle"))
    blocks += place.turning(lambda to: ShowAttendance(meeting.ref, to))
    blocks.append(Buttons((Button("The meeting", ShowMeeting(meeting.ref)),)))
    return Card(title=title, blocks=tuple(blocks), summary=f"{title}: {words}")


def _line(member: Member, reply: Attendance | None, names: Mapping[int, str], *, over: bool) -> Line:
    name = Bold(names.get(member.id, member.name))
    if reply is None or not (reply.reply or reply.present is not None):
        return ("○ ", name)
    if over and reply.present is not None:
        there = "was there" if reply.present else "was not there"
        return ("✅ " if reply.present else "➖ ", name, f" — {there}{_instead(reply)}")
    match reply.reply:
        case "yes":
            return ("✅ ", name, " — comes")
        case "apologies":
            return ("➖ ", name, " — sends apologies")
    return ("🔁 ", name, f" — {reply.substitute} comes instead")


def _instead(reply: Attendance) -> str:
    return f", {reply.substitute} for him or her" if reply.substitute else ""
