"""The other cards of polls: results in full, who is silent, how it ended, and the list."""

from collections.abc import Iterator, Mapping, Sequence
from zoneinfo import ZoneInfo

from core.cards import Block, Bold, Button, Buttons, Card, Divider, Heading, Line, Listing, Menu, Table, Text
from core.paging import Place, paged, turning
from core.polls.cards import name_of, standing
from core.polls.counting import Outcome, Shape
from core.polls.models import Poll
from core.polls.params import Launch, Nudge
from core.polls.pictures import Asked, Picture
from core.polls.views import ListPolls, ShowPoll, ShowResults
from core.polls.winning import winner_of
from core.polls.words import people, units
from core.times import say_moment

PAGE = 10
STATES = {"scheduled": "not open yet", "open": "open", "closed": "closed"}
NAMED = 60  # silent people that are named; of more, the number


def results_card(picture: Picture, points: Mapping[int, Outcome], page: int) -> Card:
    """Everything that may be seen of how it stands. points: of ranked questions, the count by points, by position."""
    poll = picture.poll
    parts: list[list[Block]] = []
    for asked in picture.asked:
        head: list[Block] = [Heading(asked.question.text)] if poll.questions > 1 else []
        first, *others = standing(picture, asked, whole=True)
        parts += [[*head, first], *([each] for each in others)]
        parts += [[each] for each in _details(picture, asked, points)]
    if picture.comments:
        lines: list[Line] = [((Bold(f"{name}: ") if name else "• "), text) for name, text in picture.comments]
        parts += [
            [Listing(tuple(lines[at : at + 20]), title="Comments", bullets=False)] for at in range(0, len(lines), 20)
        ]
    found = paged(parts)
    page, last = min(max(page, 1), len(found)), len(found)
    blocks = [*found[page - 1], *turning(page, last, lambda to: ShowResults(poll.ref, to))]
    words = f"{name_of(poll)} {people(poll.voters, poll)} voted."
    return Card(title=f"Results of poll {poll.number}", blocks=(Text((Bold(poll.title),)), *blocks), summary=words)


def _details(picture: Picture, asked: Asked, points: Mapping[int, Outcome]) -> Iterator[Block]:
    match asked.shape:
        case Shape.RANKED:
            yield from _rounds(asked)
            if (counted := points.get(asked.question.position)) is not None and counted.winners:
                yield _points(asked, counted)
        case Shape.TEXT:
            yield from _answers(picture, asked)
            return
    names = [
        (Bold(f"{voted.name}: "), said(asked, voted.marks))
        for voted in picture.voted
        if any(option.number in voted.marks for option in asked.options)
    ]
    for at in range(0, len(names), 40):
        yield Listing(tuple(names[at : at + 40]), title="Who chose what", bullets=False)


def said(asked: Asked, marks: Mapping[int, int]) -> str:
    """One ballot in words."""
    mine = [option for option in asked.options if option.number in marks]
    match asked.shape:
        case Shape.RANKED:
            return " > ".join(option.text for option in sorted(mine, key=lambda each: marks[each.number]))
        case Shape.DOTS | Shape.RATING:
            return ", ".join(f"{option.text} {marks[option.number]}" for option in mine)
        case Shape.DATES:
            words = {2: "yes", 1: "if need be", 0: "no"}
            return ", ".join(f"{option.text}: {words.get(marks[option.number], '?')}" for option in mine)
    return ", ".join(option.text for option in mine)


def _rounds(asked: Asked) -> Iterator[Block]:
    rounds = asked.outcome.rounds
    if len(rounds) < 2:
        return
    lines: list[Line] = []
    for number, each in enumerate(rounds, start=1):
        votes = ", ".join(f"{asked.text(option)} {count}" for option, count in each.votes.items())
        gone = f" {asked.text(each.out)} goes out, and its votes pass on." if each.out is not None else ""
        lines.append((Bold(f"Round {number}: "), f"{votes}.{gone}"))
    yield Listing(tuple(lines), title="How it was counted, by instant run-off", bullets=False)


def _points(asked: Asked, counted: Outcome) -> Block:
    rows = tuple(
        ((option.text,), (str(int(counted.scores[option.number])),))
        for option in sorted(asked.options, key=lambda each: -counted.scores[each.number])
    )
    return Table(("By points (first place most)", "Points"), rows)


def _answers(picture: Picture, asked: Asked) -> Iterator[Block]:
    groups: dict[str, list[Line]] = {}
    for each in asked.words:
        name = picture.names.get(each.ref, "")
        groups.setdefault(each.heading, []).append(((Bold(f"{name}: ") if name else ""), each.text))
    for heading in sorted(groups, key=lambda each: (not each, each.casefold())):
        title = heading or ("Other answers" if len(groups) > 1 else "")
        lines = groups[heading]
        for at in range(0, len(lines), 20):
            count = f" ({len(lines)})" if title and not at else ""
            yield Listing(tuple(lines[at : at + 20]), title=f"{title}{count}")


def silent_card(poll: Poll, names: Sequence[tuple[str, str]], *, may_nudge: bool) -> Card:
    """Who has not voted, and the button that reminds them."""
    if not names:
        words = "Everyone has voted."
        return Card(title="Who has not voted", blocks=(Text((words,), "good"),), summary=words)
    lines: list[Line] = [(Bold(name), "" if name == where else f" ({where})") for name, where in names[:NAMED]]
    blocks: list[Block] = [Listing(tuple(lines))]
    if len(names) > NAMED:
        blocks.append(Text((f"… and {len(names) - NAMED:,} more.",), "subtle"))
    if may_nudge:
        blocks.append(Buttons((Button("Remind them once", Nudge(poll.ref), style="primary"),)))
    words = f"{people(len(names), poll)} {'has' if len(names) == 1 else 'have'} not voted."
    return Card(title="Who has not voted", blocks=(Text((words,)), *blocks), summary=words)


def outcome_card(picture: Picture) -> Card:
    """The announcement of how it ended; reopened or deleted since, it says so."""
    poll = picture.poll
    name = f"Poll {poll.number}"
    see = Button("See the poll", ShowPoll(poll.ref))
    if poll.state != "closed":
        words = "It was deleted since." if poll.state == "deleted" else "It was reopened, so this stands no longer."
        blocks: tuple[Block, ...] = (Text((Bold(poll.title),)), Text((words,), "attention"))
        return Card(title=f"{name} had closed", blocks=blocks, summary=f"{poll.title} {words}")
    winner = winner_of(picture)
    ways = (see, Button("Results", ShowResults(poll.ref)), *winner[:1])
    blocks = (
        Text((Bold(poll.title),)),
        Text((poll.statement,), "good"),
        Text((f"{people(poll.voters, poll)} voted.",), "subtle"),
        Buttons(ways),
        *([Buttons(winner[1:])] if winner else []),
    )
    return Card(title=f"{name} has closed", blocks=blocks, summary=f"{poll.title} {poll.statement}")


def list_card(found: Sequence[Poll], total: int, search: str, page: int, zone: ZoneInfo, *, may_ask: bool) -> Card:
    """One page of polls, each with a way to its card."""
    title = "Polls" + (f" matching “{search}”" if search else "")
    ask = [Buttons((Button("Ask a quick question", Launch(), style="primary", asks=True),))] if may_ask else []
    if not total:
        hint = "Nothing matches. Type polls alone to see them all." if search else "There are none yet."
        return Card(title=title, blocks=(Text((hint,)), *ask), summary=f"{title}: none.")
    blocks: list[Block] = [Listing(tuple(_line(poll, zone) for poll in found), bullets=False)]
    ways = tuple(Button(f"{each.number}. {each.title}", ShowPoll(each.ref)) for each in found)
    blocks.append(Menu("See a poll", ways))
    blocks += Place(page, total, PAGE).turning(lambda to: ListPolls(search, to))
    return Card(title=title, blocks=(*blocks, Divider(), *ask), summary=f"{title}: {units(total, 'poll')}.")


def _line(poll: Poll, zone: ZoneInfo) -> Line:
    words: str = STATES[poll.state]
    if poll.state == "open" and poll.closes_at:
        words = f"open until {say_moment(poll.closes_at, zone)}"
    if poll.state == "scheduled" and poll.opens_at:
        words = f"opens {say_moment(poll.opens_at, zone)}"
    if poll.state == "closed":
        words = poll.statement
    return (Bold(f"{poll.number}. {poll.title}"), f" — {words}")
