"""A promise is asked for, accepted, handed over, chased, kept - and what came of it is known; in both tools."""

from datetime import timedelta

from tests.stories.telling import Tale
from tests.stories.test_reminders import monday, on, wait_until
from tests.world import World


async def test_an_action_is_asked_for_accepted_blocked_handed_over_and_done(world: World) -> None:
    tale = Tale(world)
    day = f"{(world.clock.now() + timedelta(days=20)):%d %B}"
    await tale.types("Colin", f"action Map youth offers @Nadia by {day} #smart-cities")
    await tale.is_told("Colin", "Nadia Nurse is asked to do it")
    await world.until(lambda: "Colin College (College) asked you to do this" in "\n".join(tale.private("Nadia")))
    assert "asked, not accepted yet" not in tale.rooms_say()  # a card says it in a sentence
    await tale.presses("Colin", "Accept")
    await tale.is_told("Colin", "Only the person who was asked can accept this action.")
    await tale.presses("Nadia", "Accept", room=False)
    await tale.is_told("Nadia", "It is yours")
    await world.until(lambda: "has accepted this" in "\n".join(tale.private("Colin")))

    await tale.presses("Nadia", "Blocked", room=False, why="We need the school list.", by=await _ref(world, "Council"))
    await world.until(lambda: "waits for you with this: We need the school list." in "\n".join(tale.private("Ravi")))
    await world.until(lambda: "Blocked, waiting for Council" in "\n".join(tale.private("Nadia")))
    await tale.presses("Nadia", "It can go on", room=False)
    await tale.is_told("Nadia", "in progress again")
    await tale.presses("Nadia", "Hand over", room=False, to=await _member(world, "Peter Police"))
    await tale.is_told("Nadia", "stays where it is until the answer comes")
    await world.until(lambda: "asked you to take this over" in "\n".join(tale.private("Peter")))
    await tale.presses("Peter", "Accept", room=False)
    await world.until(lambda: "Peter Police (Police) has taken this over" in "\n".join(tale.private("Nadia")))
    await tale.presses("Peter", "Done", room=False, outcome="A map of 40 offers, open to all.")
    await world.until(lambda: tale.rooms_say().count("Done. A map of 40 offers, open to all.") >= 2)
    await tale.types("Cleo", "accountability")
    await tale.is_told("Cleo", "1 of 1 promises kept so far.", "Police")
    await tale.ends_well()


async def test_what_is_late_is_chased_from_the_owner_to_the_deputy_to_the_chair(world: World) -> None:
    tale = Tale(world)
    await wait_until(world, monday())
    due = monday().date() + timedelta(4)
    await tale.types("Peter", f"action Count empty shops by {due:%d %B %Y}", room=False)
    await tale.is_told("Peter", "It is yours")
    for day, names, silent in (
        (2, ("Peter",), ("Dora", "Cleo")),  # two working days before
        (4, ("Peter",), ("Dora", "Cleo")),  # on the day
        (7, ("Peter",), ("Dora", "Cleo")),  # the Monday after
        (9, ("Peter", "Dora", "Della"), ("Cleo",)),  # three working days after: the deputies too
        (14, ("Peter", "Dora", "Cleo"), ("Nadia",)),  # six: the chair too
    ):
        heard = {name: _reminded(tale, name) for name in (*names, *silent)}
        await wait_until(world, on(day, 9, 1))
        for name in names:
            await _hears_of_it(tale, name, heard[name])
        assert [name for name in silent if _reminded(tale, name) > heard[name]] == []
    await tale.presses("Peter", "Done", room=False, outcome="Fourteen of them, on a map.")
    heard = {name: _reminded(tale, name) for name in ("Peter", "Dora", "Cleo")}
    await wait_until(world, on(21, 12))
    assert heard == {name: _reminded(tale, name) for name in heard}
    await tale.ends_well()


async def _hears_of_it(tale: Tale, name: str, before: int) -> None:
    await tale.world.until(lambda: _reminded(tale, name) > before, what=f"a reminder for {name}")


def _reminded(tale: Tale, name: str) -> int:
    """How many reminders of it this person has had; one on which all is done counts as well."""
    said = [text for text in tale.private(name) if "for you" in text.splitlines()[0] or "All done" in text]
    return len(said)


async def _ref(world: World, organisation: str) -> str:
    from core.partners.queries import organisation_options

    found = await world.read(lambda session: organisation_options(session, 1))
    return next(str(option.value) for option in found if option.label == organisation)


async def _member(world: World, name: str) -> str:
    from core.partners.queries import member_options

    found = await world.read(lambda session: member_options(session, 1))
    return next(str(option.value) for option in found if option.label.startswith(name))
