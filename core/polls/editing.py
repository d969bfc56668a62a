"""Mending a poll that is under way: the wording and options of each question; votes stay with their options."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from core.cards import Input
from core.commands import Context
from core.errors import Incomplete, Refused
from core.outbox import changed
from core.polls import queries
from core.polls.counting import Shape
from core.polls.drafting import MOST_OPTIONS, Choice, check_different, date_choice
from core.polls.models import Poll, PollOption, PollQuestion
from core.polls.opening import write_option
from core.polls.params import KEEP_NUMBERS, OPTION_LENGTH, Edit
from core.polls.steering import steered
from core.polls.views import ShowPoll
from core.register.actions import append
from core.requests import Replace, Reply
from core.texts import one_line

_NUMBERED = re.compile(r"^(\d{1,3})\s*[:.)]\s*(.*)$")
_UNLISTED = (Shape.TEXT, Shape.YES_NO)
"""Shapes whose options nobody writes."""


async def edit_prefill(context: Context, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """The wording as it stands, each option with its number."""
    poll = await queries.find(context.session, context.me.board, str(given.get("poll", "")))
    first = (await queries.questions(context.session, poll))[0]
    there = [each for each in await queries.options(context.session, poll) if each.question_id == first.id]
    lines = tuple(f"{each.number}: {each.text}" for each in there)
    return {"question": poll.title, "options": lines, "closes": poll.closes_at}


async def edit(context: Context, params: Edit) -> Reply:
    """Mend wording and options; votes stay with the number of their option, and the card says that it was edited."""
    session = context.session
    poll = await steered(context, params.poll, "edit it")
    if poll.state not in ("open", "scheduled"):
        raise Refused("This poll has closed. Reopen it first, or copy it.")
    if params.closes is not None and params.closes <= context.now:
        raise Incomplete({"closes": "The new closing time has already passed. To close now, press Close."})
    first, *others = await queries.questions(session, poll)
    try:
        done = await _edit_options(context, poll, first, params.options)
    except Refused as refusal:
        raise Incomplete({"options": refusal.sentence}) from None
    if poll.title != params.question:
        done.append({"from": poll.title, "to": params.question})
        poll.title = first.text = params.question
    given = {name: "\n".join(values) for name, values in params.others}
    for question in others:
        done += await _edit_other(context, poll, question, given)
    moved = poll.closes_at != params.closes
    poll.closes_at = params.closes
    if not done and not moved:
        return Replace(ShowPoll(poll.ref), context.me.board, "Nothing was changed.")
    if done and poll.voters:
        poll.edited_at = context.now
    await append(
        session,
        poll.partnership_id,
        "poll edited",
        subject=poll.ref,
        title=poll.title,
        now=context.now,
        by=context.me,
        detail={"poll": poll.number, "changes": done, "closes": params.closes.isoformat() if params.closes else None},
    )
    await changed(session, poll.ref)
    return Replace(ShowPoll(poll.ref), context.me.board, "Edited; the votes stay.")


async def edit_sheet(context: Context, given: Mapping[str, Any]) -> tuple[Input, ...]:
    """Two fields for each question behind the first: its wording, and its options."""
    poll = await queries.find(context.session, context.me.board, str(given.get("poll", "")))
    _, *others = await queries.questions(context.session, poll)
    options = await queries.options(context.session, poll)
    inputs: list[Input] = []
    for each in others:
        inputs.append(Input(f"question{each.position}", f"Question {each.position}", value=each.text))
        if Shape(each.shape) in _UNLISTED:
            continue
        lines = "\n".join(f"{option.number}: {option.text}" for option in options if option.question_id == each.id)
        label = f"Options of question {each.position}"
        name = f"options{each.position}"
        inputs.append(Input(name, label, "text", lines, hint=KEEP_NUMBERS, max_length=3000))
    return tuple(inputs)


async def _edit_other(
    context: Context, poll: Poll, question: PollQuestion, given: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Change one of the other questions to what its fields say; without these it stays. Raises Incomplete."""
    done: list[dict[str, Any]] = []
    lines = given.get(f"options{question.position}")
    if lines is not None:
        try:
            said = [one_line(line) for line in lines.split("\n") if line.strip()]
            done = await _edit_options(context, poll, question, said)
        except Refused as refusal:
            raise Incomplete({f"options{question.position}": refusal.sentence}) from None
    text = one_line(given.get(f"question{question.position}", question.text))[:300]
    if text and text != question.text:
        done.append({"from": question.text, "to": text})
        question.text = text
    return done


async def _edit_options(
    context: Context, poll: Poll, question: PollQuestion, lines: Sequence[str]
) -> list[dict[str, Any]]:
    """Change the options to what the lines say; what was changed. Raises Refused."""
    shape = Shape(question.shape)
    there = {
        each.number: each for each in await queries.options(context.session, poll) if each.question_id == question.id
    }
    if shape in _UNLISTED:
        return []
    wanted = [_numbered(line, there) for line in lines]
    if len(wanted) < 2:
        raise Refused("Please keep two options or more, one on each line.")
    others = sum(each.question_id != question.id for each in await queries.options(context.session, poll))
    if len(wanted) + others > MOST_OPTIONS:
        raise Refused(f"{len(wanted) + others} options are too many for one poll; please keep to {MOST_OPTIONS}.")
    check_different([text for _, text in wanted])
    kept = {number for number, _ in wanted if number is not None}
    gone = [number for number in there if number not in kept]
    if gone and poll.anonymous and poll.voters:
        # Whose vote it was nobody knows, so nobody could be asked to vote again.
        raise Refused("In an anonymous poll that has votes no option can be withdrawn. Please keep every number.")
    done: list[dict[str, Any]] = [{"withdrawn": there[number].text} for number in gone]
    poll.withdrawn = [*poll.withdrawn, *gone]
    for number, text in wanted:
        if number is None:
            is_date = shape is Shape.DATES
            choice = date_choice(text, context.me.zone, context.now) if is_date else Choice(text)
            await write_option(context.session, poll, question, choice, context.me.member)
            done.append({"added": choice.text})
        elif there[number].text != text:
            done.append({"from": there[number].text, "to": text})
            _reword(context, there[number], shape, text)
    await context.session.flush()
    return done


def _reword(context: Context, option: PollOption, shape: Shape, text: str) -> None:
    if shape is Shape.DATES:
        choice = date_choice(text, context.me.zone, context.now)
        option.text, option.starts_at = choice.text, choice.starts_at
    else:
        option.text = text


def _numbered(line: str, there: Mapping[int, PollOption]) -> tuple[int | None, str]:
    """The number that keeps an option's votes, if the line begins with one, and what the option says."""
    found = _NUMBERED.match(line)
    if found and int(found[1]) in there and found[2].strip():
        return int(found[1]), found[2].strip()[:OPTION_LENGTH]
    return None, line[:OPTION_LENGTH]
