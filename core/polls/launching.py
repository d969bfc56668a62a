"""Handlers: asking a question, from one line or from the form with a look at the card first."""

import dataclasses
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from core.agreements.proposing import said
from core.cards import Block, Bold, Buttons, Choose, Divider, Menu, Option, Text
from core.commands import VOICES, Command, Context, Role
from core.errors import Incomplete
from core.forms import form
from core.partners import queries as partners
from core.polls import queries
from core.polls.cards import poll_card
from core.polls.counting import Outcome, Shape
from core.polls.drafting import Draft, Question, check_times, questions_of
from core.polls.models import Poll, PollQuestion
from core.polls.opening import open_poll, write_poll
from core.polls.params import Launch
from core.polls.pictures import Asked, OptionLine, Picture
from core.polls.templates import OPTIONS, TEMPLATES, options_of
from core.priorities import queries as priorities
from core.requests import Ask, Reply
from core.times import say_moment

PARTNERS = VOICES | {Role.COORDINATOR}
EVERYONE_HERE = (Option("Everyone on the board", "board"), Option("Those in this room", "room"))


async def choices(context: Context, _given: Mapping[str, Any]) -> Mapping[str, tuple[Option, ...]]:
    """Templates, and whom a poll may be for on this board."""
    organisations = await partners.organisation_options(context.session, context.me.board)
    only = tuple(Option(f"Only {each.label}", each.value) for each in organisations)
    groups = await priorities.open_groups(context.session, context.me.board)
    groups_only = tuple(Option(f"Only the group {each.name}"[:75], each.ref) for each in groups)
    return {"template": OPTIONS, "voters": (*EVERYONE_HERE, *only, *groups_only)}


async def prefill(context: Context, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """What stands in the form of a copy: the poll as it was asked, to be asked anew."""
    if not isinstance(given.get("copy"), str) or not given["copy"]:
        return {}
    poll = await queries.find(context.session, context.me.board, given["copy"])
    first, *more = await queries.questions(context.session, poll)
    options = await queries.options(context.session, poll)
    pressed = first.shape in (Shape.ONE, Shape.SEVERAL)
    return {
        "question": first.text,
        "options": tuple(each.text for each in options if each.question_id == first.id and first.shape != Shape.YES_NO),
        "shape": "choice" if pressed else first.shape,
        "multi": first.shape == Shape.SEVERAL,
        "max": first.most or None,
        "anonymous": poll.anonymous,
        "hidden": poll.hidden,
        "adding": poll.adding,
        "with_comments": poll.comments,
        "unit": poll.unit,
        "questions": "\n\n".join(
            "\n".join([each.text, *(option.text for option in options if option.question_id == each.id)])
            for each in more
        ),
    }


async def _completed(context: Context, params: Launch) -> Launch:
    """With a template's question and options where none were given."""
    template = TEMPLATES.get(params.template)
    if template is None:
        return params
    params = dataclasses.replace(params, question=params.question or template.question)
    if params.options:
        return params
    options = await options_of(context.session, context.me.board, template)
    usual = min(template.max, max(len(options), 1)) if template.max else None  # a board may have fewer themes
    return dataclasses.replace(params, options=options, shape=template.shape, max=params.max or usual)


async def _draft(context: Context, params: Launch) -> Draft:
    me = context.me
    questions = questions_of(params, me.zone, context.now)
    check_times(params, context.now)
    organisation = next(
        (each.id for each in await partners.organisations(context.session, me.board) if each.ref == params.voters), None
    )
    groups = await priorities.open_groups(context.session, me.board)
    group = next((each.id for each in groups if each.ref == params.voters), None)
    rooms: tuple[int, ...] = ()
    if params.voters == "room":
        room = await partners.room_at(context.session, context.place)
        if room is None:
            raise Incomplete({"voters": "This is not a room of the board. Ask in the room that you mean."})
        rooms = (room.id,)
    return Draft(
        questions=questions,
        anonymous=params.anonymous,
        hidden=params.hidden,
        adding=params.adding and questions[0].shape not in (Shape.TEXT, Shape.YES_NO),
        comments=params.with_comments,
        closes_at=params.closes,
        closes_after=params.closes_after,
        closes_when_all=params.closes_when_all,
        unit=params.unit,
        who="organisation" if organisation else "group" if group else "room" if rooms else "board",
        organisation_id=organisation,
        group_id=group,
        room_ids=rooms,
        opens_at=params.opens,
        repeats=params.repeats,
    )


async def launch(context: Context, params: Launch) -> Reply:
    """Ask it: at once, or at its hour. With `preview`, the form stays open under the card as it would be."""
    me = context.me
    if context.source == "button":  # it opens the form, whatever it carries
        raise Incomplete({})
    params = await _completed(context, params)
    draft = await _draft(context, params)
    if params.preview:
        return await _previewed(context, params, draft)
    poll = await write_poll(context.session, me.board, draft, me.member, context.now)
    if params.opens is not None:
        when = say_moment(params.opens, me.zone)
        again = "" if params.repeats == "no" else " It is asked again and again until you delete the next one."
        return said(f"Scheduled: {poll.title}", f"It opens by itself on {when}.{again}")
    rooms = await open_poll(context.session, poll, context.now)
    return said(f"Asked: {poll.title}", _where(poll, rooms, me.zone))


def _where(poll: Poll, rooms: int, zone: ZoneInfo) -> str:
    if not rooms:
        return "The board has no room yet, so everyone who may vote gets it as a direct message."
    count = "1 room" if rooms == 1 else f"{rooms} rooms"
    ends = "It closes by itself." if poll.closes_after or poll.closes_when_all else ""
    if poll.closes_at:
        ends = f"It closes by itself, at the latest on {say_moment(poll.closes_at, zone)}."
        ends = ends if poll.closes_after or poll.closes_when_all else ends.replace(", at the latest", "")
    return f"It now stands in {count} of this board. {ends or 'Press Close under More when you have your answer.'}"


async def _previewed(context: Context, params: Launch, draft: Draft) -> Reply:
    """The card as it would stand there, above the form that made it."""
    offered = await choices(context, {})
    whose = next((each.label for each in offered["voters"] if each.value == params.voters), "")
    whose = whose.removeprefix("Only ").removeprefix("the group ")
    card = poll_card(dataclasses.replace(_picture(draft, context), whose=whose), context.me.zone)
    shown: list[Block] = [Text(("So it would look: ", Bold(draft.questions[0].text))), *card.blocks, Divider()]
    intro = tuple(block for block in shown if not isinstance(block, Buttons | Menu | Choose))
    again = dataclasses.replace(params, preview=False).packed()
    return Ask(form(LAUNCH, again, zone=context.me.zone, now=context.now, choices=offered, intro=intro))


def _picture(draft: Draft, context: Context) -> Picture:
    poll = Poll(
        ref="pol_preview",
        number=0,
        title=draft.questions[0].text,
        anonymous=draft.anonymous,
        hidden=draft.hidden,
        unit=draft.unit,
        who=draft.who,
        closes_at=draft.closes_at,
        closes_after=draft.closes_after,
        closes_when_all=draft.closes_when_all,
        state="open",
        questions=len(draft.questions),
        voters=0,
        withdrawn=[],
    )
    numbers = iter(range(1, 1000))
    return Picture(poll, [_asked(each, numbers) for each in draft.questions], author=context.me.name)


def _asked(question: Question, numbers: Any) -> Asked:
    row = PollQuestion(text=question.text, shape=question.shape.value, most=question.most)
    options = [OptionLine(next(numbers), each.text, 0) for each in question.options]
    return Asked(row, options, Outcome({}, ()), {})


LAUNCH: Command[Launch] = Command(
    params=Launch,
    handle=launch,
    word="poll",
    numbers="polls",
    title="Ask a quick question",
    help="Ask the board a quick question and see the answers as they come.",
    example='poll Which evening? | Tue | Wed | Thu closes:"Fri 5pm"',
    submit="Ask",
    roles=PARTNERS,
    opens_form=True,
    shortcut=True,
    mends=True,
    choices=choices,
    prefill=prefill,
)
"""The command, here because the preview draws its form."""
