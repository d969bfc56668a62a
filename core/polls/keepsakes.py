"""What stands in the files of a closed poll: its results as a table, as sheets and as a picture.

Nothing stands there that the card and the results do not show.
"""

import datetime
from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from core.cards import Block, Chart, Text, plain
from core.documents import Cell, Sheet, Workbook
from core.documents import Picture as Drawing
from core.polls.cards import name_of, standing
from core.polls.counting import DOES_NOT, FITS, IF_NEED_BE, Shape
from core.polls.details import said
from core.polls.pictures import Asked, Picture
from core.polls.words import mean, people, say_result
from core.times import say_moment

Column = tuple[str, Cell]


def results(picture: Picture) -> Sheet:
    """Every option with its votes, and every answer in words; in a named poll also by whom."""
    rows = [dict(row) for asked in picture.asked for row in _rows(picture, asked)]
    columns = tuple(dict.fromkeys(name for row in rows for name in row)) or ("Question",)
    return Sheet("Results", columns, tuple(tuple(row.get(name) for name in columns) for row in rows))


def _rows(picture: Picture, asked: Asked) -> Iterator[Sequence[Column]]:
    question = ("Question", asked.question.text)
    if asked.shape is Shape.TEXT:
        for each in asked.words:
            name = picture.names.get(each.ref, "")
            yield [question, ("Answer", each.text), ("Group", each.heading), *([("By", name)] if name else [])]
        return
    for option in asked.options:
        row: list[Column] = [question, ("Option", option.text), *_counts(picture, asked, option.number)]
        row.append(("Won", option.number in asked.outcome.winners))
        if not picture.poll.anonymous:
            chose = [each.name for each in picture.voted if each.marks.get(option.number)]
            row.append(("Chosen by", "; ".join(chose)))
        yield row


def _counts(picture: Picture, asked: Asked, number: int) -> list[Column]:
    given = asked.marks.get(number, {})
    match asked.shape:
        case Shape.DATES:
            yes, maybe = given.get(FITS, 0), given.get(IF_NEED_BE, 0)
            return [("Votes", yes + maybe), ("Yes", yes), ("If need be", maybe), ("No", given.get(DOES_NOT, 0))]
        case Shape.RATING:
            return [("Votes", sum(given.values())), ("Mean", float(mean(asked, number)))]
    votes = int(asked.outcome.scores.get(number, 0))
    whole = picture.poll.voters if asked.shape is Shape.SEVERAL else sum(map(int, asked.outcome.scores.values()))
    return [("Votes", votes), ("Percent", round(100 * votes / whole, 1) if whole else None)]


def workbook(picture: Picture, now: datetime.datetime, zone: ZoneInfo) -> Workbook:
    """The results, with what the poll was, and in a named poll each ballot; comments, where there are any."""
    poll = picture.poll
    about: list[tuple[Cell, ...]] = [
        ("Poll", poll.number),
        ("Question", poll.title),
        ("Result", poll.statement),
        ("Voted", poll.voters),
        ("Entitled", picture.entitled),
        ("Anonymous", poll.anonymous),
        ("Opened", poll.opened_at),
        ("Closed", poll.closed_at),
        ("Times are those of", zone.key),
    ]
    sheets = [Sheet("About", ("About", "Value"), tuple(about)), results(picture)]
    if picture.voted:
        ballots = tuple(
            (each.name, asked.question.text, said(asked, each.marks))
            for each in picture.voted
            for asked in picture.asked
            if any(option.number in each.marks for option in asked.options)
        )
        sheets.append(Sheet("Ballots", ("Voter", "Question", "Choice"), ballots))
    if picture.comments:
        sheets.append(Sheet("Comments", ("By", "Comment"), tuple(picture.comments)))
    return Workbook(name_of(poll), tuple(sheets), now, zone=zone.key, subject="The results of a poll")


def drawing(picture: Picture, zone: ZoneInfo) -> Drawing:
    """The bars of every question that has some, with the sentence that says how it ended."""
    poll = picture.poll
    charts: list[tuple[Chart, str]] = []
    for asked in picture.asked:
        blocks = standing(picture, asked, whole=True)
        title = asked.question.text if poll.questions > 1 else ""
        drawn = [block for block in blocks if isinstance(block, Chart)]
        for at, chart in enumerate(drawn):
            last = at == len(drawn) - 1
            charts.append((Chart("" if at else title, chart.bars, chart.out_of), _sentence(blocks) if last else ""))
    closed = f" Closed {say_moment(poll.closed_at, zone)}." if poll.closed_at else ""
    return Drawing(
        title=poll.title,
        charts=tuple(charts),
        source=f"Poll {poll.number}. {people(poll.voters, poll).capitalize()} voted.{closed}",
        words=" ".join(_in_words(picture)),
    )


def _sentence(blocks: Sequence[Block]) -> str:
    return " ".join(plain(block.line) for block in blocks[-1:] if isinstance(block, Text))


def _in_words(picture: Picture) -> Iterator[str]:
    for asked in picture.asked:
        if asked.shape is Shape.TEXT:
            continue
        if picture.poll.questions > 1:
            yield f"{asked.question.text}:"
        charts = [block for block in standing(picture, asked, whole=True) if isinstance(block, Chart)]
        bars = [f"{bar.label}: {bar.shown or bar.value}" for chart in charts for bar in chart.bars]
        yield f"{'; '.join(bars)}. {say_result(asked, picture.poll)}"
