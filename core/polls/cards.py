"""The shared card of a poll, as it stands in every room of both tools."""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from zoneinfo import ZoneInfo

from core.cards import (
    Bar,
    Block,
    Bold,
    Button,
    Buttons,
    Card,
    Chart,
    Choose,
    Facts,
    Heading,
    Line,
    Menu,
    Option,
    Text,
    Tone,
)
from core.polls.counting import PRESSED, Shape
from core.polls.models import Poll
from core.polls.params import (
    AddOption,
    Answer,
    Close,
    Delete,
    Edit,
    ExportPoll,
    Group,
    Launch,
    Reopen,
    Share,
    TakeBack,
    Vote,
)
from core.polls.pictures import SMALL, Asked, OptionLine, Picture, Voted
from core.polls.views import ShowResults, ShowSilent
from core.polls.winning import winner_of
from core.polls.words import can_come, mean, people, protected, say_poll, say_result, shows
from core.texts import some
from core.times import say_moment
from core.trails import ShowTrace

PRESSABLE = 10
"""With no more options than these each has a button; of more, one is picked from a list."""
BARS = 12
"""More options than these are not all drawn on the shared card; the results show them all."""
NAMES = 6  # voters that are named at one option; of more, the number

HOW = {
    Shape.ONE: "One choice",
    Shape.SEVERAL: "Several choices",
    Shape.DOTS: "Dots",
    Shape.RANKED: "Ranked",
    Shape.RATING: "Rating",
    Shape.YES_NO: "Yes, no or abstain",
    Shape.DATES: "Find a time",
    Shape.TEXT: "Answer in words",
}
UNSEEN = "Anonymous: nobody can ever see who chose what, and a vote can't be changed."


def name_of(poll: Poll) -> str:
    """What people call it: its number and question."""
    return f"Poll {poll.number}: {poll.title}"


def how(asked: Asked) -> str:
    """What kind of answer is asked for, in a few words."""
    most = asked.question.most
    match asked.shape:
        case Shape.SEVERAL:
            return f"Choose up to {most}" if most else "Choose as many as you like"
        case Shape.DOTS:
            return f"{most} dots each to spread"
        case Shape.RANKED:
            return f"Rank your first {most}" if most > 1 else "Name your first choice"
        case Shape.RATING:
            return f"Rate each from 1 to {most}"
    return HOW[asked.shape]


def is_pressed(poll: Poll, asked: Asked) -> bool:
    """Whether one press on an option is a vote."""
    return poll.questions == 1 and asked.shape in PRESSED and not (poll.anonymous and asked.shape is Shape.SEVERAL)


def poll_card(picture: Picture, zone: ZoneInfo) -> Card:
    """The shared card: what is asked, of whom, until when, and how it stands."""
    poll = picture.poll
    if poll.state == "deleted":
        words = f"Poll {poll.number} was deleted."
        return Card(title=f"Poll {poll.number}", blocks=(Text((words,)),), summary=words)
    blocks: list[Block] = [Text(_headline(picture, zone), "subtle")]
    for asked in picture.asked:
        if poll.questions > 1:
            blocks += [Heading(asked.question.text), Text((f"{how(asked)}.",), "subtle")]
        blocks += standing(picture, asked)
    facts = tuple(_facts(picture, zone))
    blocks += [*_hidden(poll), Facts(facts), *_controls(picture)]
    return Card(title=name_of(poll), blocks=tuple(blocks), summary=_summary(picture, zone))


def _headline(picture: Picture, zone: ZoneInfo) -> Line:
    poll = picture.poll
    said = [f"Asked by {picture.author}." if picture.author else ""]
    if poll.questions == 1:
        said.append(f"{how(picture.single)}.")
    if poll.unit == "organisation":
        said.append("Each organisation votes once; its last vote counts.")
    if poll.who in ("organisation", "group"):
        said.append(f"For {'the task and finish group ' if poll.who == 'group' else ''}{picture.whose} only.")
    if poll.who == "room":
        said.append("For those in this room.")
    if poll.anonymous:
        said.append(UNSEEN)
    if any(asked.shape is Shape.DATES for asked in picture.asked):
        said.append(f"Times are those of {zone.key}; the form shows them on your own clocks.")
    if poll.edited_at:
        said.append("Edited since it was first asked.")
    return (" ".join(each for each in said if each),)


def _facts(picture: Picture, zone: ZoneInfo) -> Iterable[tuple[str, Line]]:
    poll = picture.poll
    if poll.state == "scheduled" and poll.opens_at:
        yield "Opens", (Bold(say_moment(poll.opens_at, zone)),)
        return
    of = f" of {picture.entitled:,}" if picture.entitled is not None else ""
    yield "Voted", (Bold(f"{poll.voters:,}{of}"),)
    if poll.closed_at:
        yield "Closed", (say_moment(poll.closed_at, zone),)
    elif ends := ends_when(poll, zone):
        yield "Closes", (ends,)


def ends_when(poll: Poll, zone: ZoneInfo) -> str:
    """What it closes by, in words; empty if only by hand."""
    ends = [say_moment(poll.closes_at, zone)] if poll.closes_at else []
    if poll.closes_after:
        ends.append(f"after {poll.closes_after:,} {'vote' if poll.closes_after == 1 else 'votes'}")
    if poll.closes_when_all:
        ends.append("when all have voted")
    return ", or ".join(ends)


def _hidden(poll: Poll) -> list[Block]:
    if poll.state == "scheduled" or shows(poll):
        return []
    if protected(poll) and (poll.state == "closed" or poll.hidden == "no"):
        word = "Fewer than" if poll.state == "closed" else "Results are shown once at least"
        tail = " voted, so results stay hidden." if poll.state == "closed" else " have voted."
        return [Text((f"{word} {people(SMALL, poll)}{tail}",), "subtle")]
    until = "you have voted" if poll.hidden == "until voted" else "the poll closes"
    return [Text((f"Results are hidden until {until}.",), "subtle")]


def standing(picture: Picture, asked: Asked, *, whole: bool = False) -> list[Block]:
    """How one question stands: bars, and a sentence; only its options while results are hidden.

    whole: every option, and whatever is hidden from the shared card; the caller has seen to it that it may be shown.
    """
    poll = picture.poll
    if poll.state == "scheduled":
        return []
    if not (shows(poll) or whole):
        pressed = is_pressed(poll, asked) and poll.state == "open"
        return [] if pressed or not asked.options else [_options(asked)]
    if asked.shape is Shape.TEXT:
        return [Text((say_result(asked, poll),), _tone(poll))]
    shown = asked.options if whole else most_wanted(asked)
    total = poll.voters if asked.shape is Shape.SEVERAL else _votes_given(asked)
    bars = [_bar(picture, asked, option, total) for option in shown]
    full = _full(asked, poll)
    # As many in one chart as both tools draw without leaving any out, however long the options are.
    charts = [tuple(bars[at : at + BARS]) for at in range(0, len(bars), BARS)]
    blocks: list[Block] = [Chart("", each, out_of=full) for each in charts]
    left = len(asked.options) - len(shown)
    if left:
        blocks.append(Text((f"… and {left} more options, all of them under Results.",), "subtle"))
    return [*blocks, Text((say_result(asked, poll),), _tone(poll))]


def _tone(poll: Poll) -> Tone:
    return "good" if poll.state == "closed" else "plain"


def _options(asked: Asked) -> Block:
    shown = asked.options[:BARS]
    more = f" and {len(asked.options) - BARS} more" if len(asked.options) > BARS else ""
    return Text((" · ".join(option.text for option in shown), more))


def most_wanted(asked: Asked) -> Sequence[OptionLine]:
    """The options in their order; of very many those that lead."""
    if len(asked.options) <= BARS:
        return asked.options
    scores = asked.outcome.scores
    return sorted(asked.options, key=lambda each: (-scores.get(each.number, 0), each.number))[:BARS]


def _full(asked: Asked, poll: Poll) -> int:
    if asked.shape is Shape.RATING:
        return asked.question.most * 10
    values = [_value(asked, option.number) for option in asked.options]
    voters = poll.voters if asked.shape in PRESSED | {Shape.DATES, Shape.RANKED} else 0
    return max(1, voters, *values)


def _value(asked: Asked, number: int) -> int:
    score = asked.outcome.scores.get(number, 0)
    return round(score * 10) if asked.shape is Shape.RATING else int(score)


def _bar(picture: Picture, asked: Asked, option: OptionLine, total: int) -> Bar:
    number = option.number
    count = _value(asked, number)
    shown = ""
    match asked.shape:
        case Shape.RATING:
            shown = mean(asked, number) if any(asked.marks.get(number, {}).values()) else "–"
        case Shape.DOTS | Shape.DATES:
            shown = ""
        case _:
            shown = f"{count:,} ({round(100 * count / total)}%)" if total and count else ""
    note = _named(picture.voted, asked, number)
    if asked.shape is Shape.DATES:
        note = f"{can_come(asked, number)}{': ' if note else ''}{note}"
    return Bar(option.text, count, note, shown)


def _votes_given(asked: Asked) -> int:
    return sum(int(asked.outcome.scores.get(option.number, 0)) for option in asked.options)


def _named(voted: Sequence[Voted], asked: Asked, number: int) -> str:
    """Who chose this option, while they are few; for a ranking who put it first, for a date who can come."""
    names = [each.name for each in voted if _chose(asked.shape, each.marks, number)]
    return some(names, NAMES)


def _chose(shape: Shape, marks: Mapping[int, int], number: int) -> bool:
    mark = marks.get(number, 0)
    if shape is Shape.RANKED:
        return mark == 1
    return bool(mark) and shape is not Shape.RATING


def _controls(picture: Picture) -> list[Block]:
    poll = picture.poll
    match poll.state:
        case "open":
            return [*vote_blocks(picture), _more_while_open(picture)]
        case "closed":
            return _after(picture)
    return [Menu("More", (Button("Edit", Edit(poll.ref), asks=True), _delete(poll)))]


def vote_blocks(picture: Picture) -> list[Block]:
    """What one votes with: a button for each option, a list of many, or a button that opens the form."""
    poll, asked = picture.poll, picture.single
    if not is_pressed(poll, asked):
        return [Buttons((Button("Vote", Answer(poll.ref), style="primary", asks=True),))]
    if len(asked.options) > PRESSABLE:
        options = tuple(Option(option.text, str(option.number)) for option in asked.options)
        return [Choose("Choose an option", options, Vote(poll.ref), "option", "Vote")]
    return [Buttons(tuple(Button(option.text, Vote(poll.ref, option.number)) for option in asked.options))]


def _more_while_open(picture: Picture) -> Menu:
    poll = picture.poll
    ways = [Button("Results", ShowResults(poll.ref))]
    if is_pressed(poll, picture.single) and poll.comments:
        ways.insert(0, Button("Vote with a comment", Answer(poll.ref), asks=True))
    if not poll.anonymous:
        ways += [Button("Take back my vote", TakeBack(poll.ref)), Button("Who has not voted", ShowSilent(poll.ref))]
    if poll.adding:
        ways.append(Button("Add an option", AddOption(poll.ref), asks=True))
    return Menu("More", (*ways, *_steering(picture), Button("Close", Close(poll.ref)), _delete(poll)))


def _steering(picture: Picture) -> list[Button]:
    ref = picture.poll.ref
    ways = [Button("Edit", Edit(ref), asks=True)]
    if any(asked.shape is Shape.TEXT for asked in picture.asked):
        ways.append(Button("Group the answers", Group(ref), asks=True))
    return [*ways, Button("Copy", Launch(copy=ref), asks=True), Button("Share in a room", Share(ref), asks=True)]


def _delete(poll: Poll) -> Button:
    return Button("Delete", Delete(poll.ref), asks=True)


def _after(picture: Picture) -> list[Block]:
    poll = picture.poll
    ways = [Button("Results", ShowResults(poll.ref))]
    winner = winner_of(picture)
    if winner:
        ways.insert(0, dataclasses.replace(winner[0], style="primary"))
    ways += [] if protected(poll) else [Button("Export", ExportPoll(poll.ref))]
    more = [Button("What came of it", ShowTrace(poll.ref)), *_steering(picture)]
    more += [Button("Reopen", Reopen(poll.ref), asks=True), _delete(poll)]
    # Apart from what is under More: whole texts do not fit into the values of Slack's menus, and would make it buttons.
    return [Buttons(tuple(ways)), *([Buttons(winner[1:])] if winner else []), Menu("More", tuple(more))]


def _summary(picture: Picture, zone: ZoneInfo) -> str:
    poll = picture.poll
    name = f"{name_of(poll)}{'' if poll.title.endswith(('?', '.', '!')) else '.'}"
    if poll.state == "scheduled" and poll.opens_at:
        return f"{name} It opens {say_moment(poll.opens_at, zone)}."
    if poll.state == "closed":
        return f"{name} {poll.statement}"
    ends = ends_when(poll, zone)
    said = f" {say_poll(picture)}" if shows(poll) else ""
    return f"{name} {people(poll.voters, poll)} voted.{said}{f' It closes {ends}.' if ends else ''}"
