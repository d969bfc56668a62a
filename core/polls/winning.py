"""What the winner of a poll can become."""

from core.actions.params import AddAction
from core.agreements.params import Propose
from core.cards import Button
from core.items.params import RaiseItem
from core.polls.counting import Shape
from core.polls.pictures import Picture
from core.polls.words import protected
from core.trails import MeetThen


def winner_of(picture: Picture) -> tuple[Button, ...]:
    """What the one winner can become, each a form to begin with; nothing without one, or while it must not be told."""
    poll, asked = picture.poll, picture.single
    winners = asked.outcome.winners
    if protected(poll) or len(winners) != 1 or asked.shape is Shape.TEXT:
        return ()
    title = f"{poll.title} {asked.text(winners[0])}"[:300]
    words = f"Poll {poll.number} asked: {poll.title}\n{poll.statement}"
    meet = [Button("Plan the meeting", MeetThen(poll.ref), asks=True)] if time_found(picture) is not None else []
    return (
        *meet,
        Button("Put it to the partners", Propose(title=title, text=words, about=poll.ref), asks=True),
        Button("Make it an action", AddAction(title=title, detail=words, source=poll.ref), asks=True),
        Button("Raise it as an item", RaiseItem(title=title, detail=words), asks=True),
    )


def time_found(picture: Picture) -> int | None:
    """The number of the time that was found, by a poll that has closed and was for that; else None."""
    asked, winners = picture.single, picture.single.outcome.winners
    found = asked.shape is Shape.DATES and picture.poll.state == "closed" and not protected(picture.poll)
    return winners[0] if found and len(winners) == 1 else None
