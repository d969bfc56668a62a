"""Handlers: voting, by a press or by a form, taking a vote back, and adding an option."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from core.cards import Input
from core.commands import Context
from core.db import new_ref
from core.errors import Incomplete, Refused
from core.outbox import changed
from core.partners import queries as partners
from core.partners.preferences import own_zone
from core.polls import closing, electorate, keeping, queries
from core.polls.casting import FINAL, Ballot, Taken, cast_all
from core.polls.counting import Shape
from core.polls.drafting import MOST_OPTIONS, Choice, date_choice, same
from core.polls.filling import Filled, inputs_for, understood
from core.polls.models import Poll, PollQuestion, PollWords
from core.polls.opening import write_option
from core.polls.params import AddOption, Answer, TakeBack, Vote
from core.polls.views import ShowPoll
from core.requests import Place, Replace, Reply
from core.texts import quoted


async def _rooms(session: AsyncSession, places: Sequence[Place]) -> dict[Place, int]:
    """The rooms in which these people are; asked only where a poll is a room's."""
    found, rooms = {}, partners.Rooms(session)
    for place in places:
        room = await rooms.at(place)
        if room is not None:
            found[place] = room.id
    return found


async def vote_together(session: AsyncSession, asked: Sequence[tuple[Context, Vote]]) -> list[Reply | Refused]:
    """Presses that came at the same time, each with its own answer or refusal."""
    bound = await electorate.narrow(session, {params.poll for _, params in asked})
    rooms = await _rooms(session, [context.place for context, params in asked if bound.get(params.poll) == "room"])
    groups: Mapping[int, set[int]] = {}
    if "group" in bound.values():
        groups = await electorate.groups_of(session, [context.me for context, _ in asked])
    ballots = [
        Ballot(
            context.me,
            params.poll,
            context.now,
            rooms.get(context.place),
            groups.get(context.me.member, ()),
            params.option,
        )
        for context, params in asked
    ]
    taken = await cast_all(session, ballots)
    await _close_what_is_full(session, zip(ballots, taken, strict=True))
    return [
        each if isinstance(each, Refused) else Replace(ShowPoll(each.poll), ballot.person.board, said(each))
        for ballot, each in zip(ballots, taken, strict=True)
    ]


async def _close_what_is_full(session: AsyncSession, taken: Any) -> None:
    full = {
        (ballot.person.board, each.poll): ballot.now for ballot, each in taken if isinstance(each, Taken) and each.full
    }
    for (board, poll), now in sorted(full.items()):
        await closing.close_if_full(session, board, poll, now)


def said(taken: Taken) -> str:
    """What a voter is told; in an anonymous poll not even that holds the choice."""
    if taken.anonymous:
        return "Your vote is counted. It can't be traced back to you, and so it can't be changed."
    if not taken.chosen:
        return "Your vote is recorded."
    return f"Your vote: {', '.join(taken.chosen)}."


async def vote(context: Context, params: Vote) -> Reply:
    """A press on an option."""
    (reply,) = await vote_together(context.session, [(context, params)])
    if isinstance(reply, Refused):
        raise reply
    return reply


async def answer_sheet(context: Context, given: Mapping[str, Any]) -> tuple[Input, ...]:
    """The fields of a poll's form, filled with what this person has said before."""
    session = context.session
    poll = await queries.find(session, context.me.board, str(given.get("poll", "")))
    poll.check_takes_votes(context.now)
    voter = await electorate.voter_of(session, poll, context.me)
    before = queries.marks_in(voter.ballot) if voter and voter.ballot else {}
    words = await queries.words_of(session, voter) if voter and not poll.anonymous else {}
    options, zone = await queries.options(session, poll), await own_zone(session, context.me)
    return inputs_for(await queries.questions(session, poll), options, before, words, zone)


async def answer(context: Context, params: Answer) -> Reply:
    """A vote by the form. Pressing the button opens it, whatever it carries."""
    session, me = context.session, context.me
    poll = await queries.find(session, me.board, params.poll, to_change=True)
    room = await partners.room_at(session, context.place) if poll.who == "room" else None
    poll.check_takes_votes(context.now)
    groups = await electorate.groups_for(session, poll, me)
    if refusal := electorate.why_not(poll, me, room.id if room else None, groups):
        raise refusal
    if poll.anonymous and await electorate.voter_of(session, poll, me) is not None:
        raise Refused(FINAL)
    if context.source != "form":
        raise Incomplete({})
    asked, options = await queries.questions(session, poll), await queries.options(session, poll)
    filled = understood(asked, options, params.answers)
    layout = await _layout(session, poll, asked)
    (taken,) = await cast_all(
        session,
        [Ballot(me, poll.ref, context.now, room.id if room else None, groups, marks=filled.marks, layout=layout)],
    )
    if isinstance(taken, Refused):
        raise taken
    await session.refresh(poll)
    await _write_words(session, poll, context, filled, params.comment)
    if taken.full:
        await closing.close_if_full(session, me.board, poll.ref, context.now)
    return Replace(ShowPoll(poll.ref), me.board, said(taken))


async def _layout(session: AsyncSession, poll: Poll, asked: Sequence[PollQuestion]) -> keeping.Layout:
    shapes = {question.id: Shape(question.shape) for question in asked}
    every = await queries.options(session, poll, withdrawn=True)
    return {option.number: (option.question_id, shapes[option.question_id]) for option in every}


async def _write_words(session: AsyncSession, poll: Poll, context: Context, filled: Filled, comment: str) -> None:
    """Answers in words and the comment, instead of what this voter wrote before."""
    voter = None if poll.anonymous else await electorate.voter_of(session, poll, context.me)
    if voter is not None:
        await session.execute(delete(PollWords).where(PollWords.voter_id == voter.id))
    said_here: list[tuple[int | None, str]] = list(filled.words.items())
    if comment and poll.comments:
        said_here.append((None, comment))
    session.add_all(
        PollWords(
            ref=new_ref("wrd"),
            partnership_id=poll.partnership_id,
            poll_id=poll.id,
            anonymous=poll.anonymous,
            question_id=question,
            voter_id=voter.id if voter else None,
            text=text,
        )
        for question, text in said_here
    )
    await session.flush()
    await changed(session, poll.ref)


async def take_back(context: Context, params: TakeBack) -> Reply:
    """Leave the poll unanswered again."""
    session = context.session
    poll = await queries.find(session, context.me.board, params.poll, to_change=True)
    poll.check_takes_votes(context.now)
    if poll.anonymous:
        raise Refused("In an anonymous poll nobody can tell which vote was yours, so it can't be taken back.")
    voter = await electorate.voter_of(session, poll, context.me)
    if voter is None:
        raise Refused("You have not voted here yet, so there is nothing to take back.")
    await session.execute(delete(PollWords).where(PollWords.voter_id == voter.id))
    await keeping.take_back(session, poll, voter, await _layout(session, poll, await queries.questions(session, poll)))
    return Replace(ShowPoll(poll.ref), context.me.board, "Your vote is taken back.")


async def add_option(context: Context, params: AddOption) -> Reply:
    """Add an option; one that says the same as another is that other one, and no mistake."""
    session, me = context.session, context.me
    poll = await queries.find(session, me.board, params.poll, to_change=True)
    poll.check_takes_votes(context.now)
    groups = await electorate.groups_for(session, poll, me)
    if refusal := electorate.why_not(poll, me, next(iter(poll.room_ids), None), groups):
        raise refusal
    if not poll.adding:
        raise Refused("In this poll only who asked it can add options.")
    question = (await queries.questions(session, poll))[0]
    there = await queries.options(session, poll)
    if len(there) >= MOST_OPTIONS:
        raise Refused(f"This poll has {MOST_OPTIONS} options already, and there is no room for more.")
    is_date = question.shape == Shape.DATES
    choice = date_choice(params.option, me.zone, context.now) if is_date else Choice(params.option)
    twin = next((each for each in there if same(each.text) == same(choice.text)), None)
    if twin is not None:
        return Replace(
            ShowPoll(poll.ref), me.board, f"{quoted(twin.text)} is there already, so it was not added again."
        )
    await write_option(session, poll, question, choice, me.member)
    await changed(session, poll.ref)
    return Replace(ShowPoll(poll.ref), me.board, f"Added: {choice.text}.")
