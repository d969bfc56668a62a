"""How a poll stands, told in words: who leads or won, by how much, and who is tied."""

from collections.abc import Sequence

from core.polls.counting import ABSTAIN, FITS, IF_NEED_BE, NO, YES, Shape
from core.polls.models import Poll
from core.polls.pictures import SMALL, Asked, Picture
from core.texts import listed

MANY = 6  # tied options that are named; of more, the number


def units(number: int, unit: str) -> str:
    """A number of things in words, such as `1 vote`."""
    return f"{number:,} {unit}" if number == 1 else f"{number:,} {unit}s"


def voter_unit(poll: Poll) -> str:
    """What one voter is called."""
    return "organisation" if poll.unit == "organisation" else "person"


def people(number: int, poll: Poll) -> str:
    """A number of voters in words."""
    if poll.unit == "organisation":
        return units(number, "organisation")
    return "1 person" if number == 1 else f"{number:,} people"


def protected(poll: Poll) -> bool:
    """Whether so few have voted in an anonymous poll that its results would give them away."""
    return poll.anonymous and poll.voters < SMALL


def shows(poll: Poll) -> bool:
    """Whether the shared card shows how it stands."""
    return not protected(poll) and (poll.state == "closed" or poll.hidden == "no")


def mean(asked: Asked, number: int) -> str:
    """A rating's mean with one decimal."""
    return f"{float(asked.outcome.scores.get(number, 0)):.1f}"


def _options(names: Sequence[str], most: int = MANY) -> str:
    return f"{len(names)} options" if len(names) > most else listed(names)


def say_result(asked: Asked, poll: Poll) -> str:
    """One sentence on how this question stands, or how it ended."""
    if asked.shape is Shape.TEXT:
        return f"{units(len(asked.words), 'answer')}." if poll.voters else _nobody(poll)
    winners = asked.outcome.winners
    if not winners:
        return _nobody(poll) if not poll.voters else "No option has a vote."
    match asked.shape:
        case Shape.YES_NO:
            return _yes_no(asked)
        case Shape.DATES:
            return _dates(asked, poll)
        case Shape.RATING:
            return _rating(asked)
        case Shape.RANKED:
            return _ranked(asked, poll)
    return _votes(asked, poll)


def _nobody(poll: Poll) -> str:
    return "Nobody voted." if poll.state == "closed" else "Nobody has voted yet."


def _verb(poll: Poll) -> str:
    return "won" if poll.state == "closed" else "leads"


def _votes(asked: Asked, poll: Poll) -> str:
    winners, unit = asked.outcome.winners, "dot" if asked.shape is Shape.DOTS else "vote"
    count = int(asked.outcome.scores[winners[0]])
    if len(winners) > 1:
        return f"Tied: {_options([asked.text(each) for each in winners])}, with {units(count, unit)} each."
    total = sum(map(int, asked.outcome.scores.values()))
    of = f"{count:,} of {units(total, unit)}" if asked.shape is not Shape.SEVERAL else units(count, unit)
    return f"{asked.text(winners[0])} {_verb(poll)} with {of}."


def _yes_no(asked: Asked) -> str:
    first = asked.options[0].number - 1
    yes, no, abstained = (int(asked.outcome.scores.get(first + each, 0)) for each in (YES, NO, ABSTAIN))
    aside = f", and {units(abstained, 'abstention')}" if abstained else ""
    if len(asked.outcome.winners) > 1:
        return f"Tied: {yes:,} yes and {no:,} no{aside}."
    word, more, fewer = ("Yes", yes, no) if yes > no else ("No", no, yes)
    return f"{word}, by {more:,} to {fewer:,}{aside}."


def can_come(asked: Asked, number: int) -> str:
    """For how many a date fits, such as `5 can come, 2 of them if need be`."""
    given = asked.marks.get(number, {})
    fits, if_need_be = given.get(FITS, 0), given.get(IF_NEED_BE, 0)
    aside = f", {if_need_be:,} of them if need be" if if_need_be else ""
    return f"{fits + if_need_be:,} can come{aside}"


def _dates(asked: Asked, poll: Poll) -> str:
    winners = asked.outcome.winners
    word = "suited" if poll.state == "closed" else "suits"
    if len(winners) > 1:
        return f"Tied: {_options([asked.text(each) for each in winners])}; {can_come(asked, winners[0])}."
    return f"{asked.text(winners[0])} {word} best: {can_come(asked, winners[0])}."


def _rating(asked: Asked) -> str:
    winners, top = asked.outcome.winners, f"{mean(asked, asked.outcome.winners[0])} of {asked.question.most}"
    if len(winners) > 1:
        return f"Tied: {_options([asked.text(each) for each in winners])}, each rated {top} on average."
    return f"{asked.text(winners[0])} is rated highest, {top} on average."


def _ranked(asked: Asked, poll: Poll) -> str:
    winners, rounds = asked.outcome.winners, asked.outcome.rounds
    count, total = int(asked.outcome.scores[winners[0]]), sum(rounds[-1].votes.values())
    after = f" after {units(len(rounds), 'round')}" if len(rounds) > 1 else " in the first round"
    if len(winners) > 1:
        return f"Tied{after}: {_options([asked.text(each) for each in winners])}, with {units(count, 'vote')} each."
    return f"{asked.text(winners[0])} {_verb(poll)}{after}, with {count:,} of {units(total, 'vote')}."


def say_poll(picture: Picture) -> str:
    """How the whole poll stands, in a sentence for each question; nothing that must stay hidden."""
    poll = picture.poll
    if protected(poll):
        return f"Fewer than {SMALL} voted, so nothing is shown of an anonymous poll."
    if len(picture.asked) == 1:
        return say_result(picture.single, poll)
    return " ".join(f"{each.question.text} {say_result(each, poll)}" for each in picture.asked)
