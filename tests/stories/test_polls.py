"""Quick polls as a board lives with them: asked in one line, answered in both tools, counted once for each person."""

import datetime
import json
import re

from core.partners import queries as partners
from tests.stories.telling import Tale, counts
from tests.world import TEAM, TEAMS_ROOM, TENANT, World

DAY = 24 * 3600
EVENING = "poll Which evening? | Tue | Wed | Thu"


async def test_one_line_starts_a_poll_that_both_tools_answer(world: World) -> None:
    tale = Tale(world)
    await tale.types("Cleo", EVENING)
    await tale.is_told("Cleo", "It now stands in 2 rooms of this board.")
    await tale.both_show("Poll 1: Which evening?", "Asked by Cleo Chair.", "Nobody has voted yet.", "0 of 8")
    await tale.presses("Ravi", "Wed")
    await tale.is_told("Ravi", "Your vote: Wed.")
    await tale.presses("Peter", "Wed")
    await tale.presses("Nadia", "Thu")
    await tale.both_show("Wed leads with 2 of 3 votes.", "3 of 8", "Peter Police, Ravi Council")
    await tale.presses("Ravi", "Thu")
    await tale.both_show("Thu leads with 2 of 3 votes.")
    await tale.presses("Peter", "Take back my vote")
    await tale.is_told("Peter", "Your vote is taken back.")
    await tale.both_show("Thu leads with 2 of 2 votes.", "2 of 8")
    await tale.presses("Olga", "Tue")
    await tale.is_told("Olga", "Observers can follow polls but don't vote in them.")
    await tale.presses("Nadia", "Close")
    await tale.is_told("Nadia", "Only who asked this poll, the chair or the coordinator can close it.")
    await tale.presses("Carla", "Close")
    await tale.is_told("Carla", "Closed. Thu won with 2 of 2 votes.")
    await tale.both_show("Thu won with 2 of 2 votes.", "Put it to the partners")
    await world.until(lambda: "Poll 1 has closed" in tale.rooms_say(), what="the outcome")
    await tale.ends_well()


async def test_several_choices_are_switched_on_and_off_up_to_the_most(world: World) -> None:
    tale = Tale(world)
    await tale.types("Peter", "poll Which venues? “Library” “Town hall” “College” max:2 adding:yes with-comments:yes")
    await tale.both_show("Choose up to 2.")
    for label in ("Library", "College"):
        await tale.presses("Ravi", label)
    await tale.is_told("Ravi", "Your vote: Library, College.")
    await tale.presses("Ravi", "Town hall")
    await tale.is_told("Ravi", "You can choose 2 at most. Press one that you chose to take it back first.")
    await tale.presses("Ravi", "Library")
    await tale.is_told("Ravi", "Your vote: College.")
    await tale.presses("Nadia", "Add an option", option="Leisure centre")
    await tale.is_told("Nadia", "Added: Leisure centre.")
    await tale.presses("Colin", "Add an option", option="leisure-centre")
    await tale.is_told("Colin", "“Leisure centre” is there already, so it was not added again.")
    await tale.both_show("Leisure centre")
    await tale.presses("Nadia", "Leisure centre")
    await tale.presses("Colin", "Vote with a comment", q1=["3", "4"], comment="With a café.")
    await tale.is_told("Colin", "Your vote: College, Leisure centre.")
    await tale.both_show("Tied: College and Leisure centre, with 2 votes each.", "3 of 8")
    await tale.presses("Ravi", "College")  # the last one taken back: no vote any more
    await tale.both_show("Leisure centre leads with 2 votes.", "2 of 8")
    await tale.presses("Ravi", "Results")
    await tale.is_told("Ravi", "With a café.", "Who chose what")
    await tale.ends_well()


async def test_dots_ratings_dates_and_words_are_given_by_a_form(world: World) -> None:
    tale = Tale(world)
    await tale.types("Cleo", "poll Where to spend? | Parks | Roads shape:dots max:3")
    await tale.both_show("3 dots each to spread.")
    await tale.presses("Ravi", "Vote", o1="2", o2="2")
    await tale.is_told("Ravi", "You spread 4 dots and have 3. Please take some away.")
    await tale.sends("Ravi", o1="2", o2="1")
    await tale.is_told("Ravi", "Your vote: Parks, Roads.")
    await tale.presses("Peter", "Vote", o1="3")
    await tale.both_show("Parks leads with 5 of 6 dots.")

    await tale.types("Cleo", "poll How was it? | Food | Talk shape:rating")
    await tale.both_show("Rate each from 1 to 5.")
    await tale.presses("Ravi", "Vote", o1="5", o2="4")
    await tale.presses("Nadia", "Vote", o1="2", o2="4")
    await tale.both_show("Talk is rated highest, 4.0 of 5 on average.", "2 of 8")

    await tale.types("Cleo", "poll When? | 1 December 10:00 | 2 December 14:00 shape:dates")
    await tale.both_show("Find a time.")
    await tale.presses("Ravi", "Vote", o1="2", o2="1")
    await tale.presses("Peter", "Vote", o1="0", o2="2")
    await tale.both_show("14:00 GMT suits best: 2 can come, 1 of them if need be.")

    await tale.types("Cleo", "poll What is missing? shape:text")
    await tale.both_show("Answer in words.")
    await tale.presses("Ravi", "Vote", q1="A bench by the pond")
    await tale.presses("Nadia", "Vote", q1="Toilets")
    await tale.both_show("2 answers.")
    await tale.presses("Nadia", "Results")
    await tale.is_told("Nadia", "A bench by the pond", "Ravi Council", "Toilets")
    await tale.ends_well()


async def test_a_ranking_is_counted_in_rounds_and_several_questions_in_one_form(world: World) -> None:
    tale = Tale(world)
    await tale.types("Cleo", "poll Which first? | Parks | Roads | Arts shape:ranked")
    await tale.both_show("Rank your first 3.")
    for name, order in (("Ravi", "12"), ("Peter", "12"), ("Nadia", "2"), ("Colin", "2"), ("Dora", "32")):
        await tale.presses(name, "Vote")
        await world.until(lambda name=name: tale.form(name), what="the form")  # type: ignore[misc]
        await tale.sends(name, **{f"q1p{at}": each for at, each in enumerate(order, start=1)})
    await tale.both_show("Roads leads after 2 rounds, with 3 of 5 votes.")
    await tale.presses("Nadia", "Vote", q1p1="2", q1p2="2")
    await tale.is_told("Nadia", "You have named that option above already.")
    await tale.sends("Nadia", q1p1="1")
    await tale.both_show("Parks leads in the first round, with 3 of 5 votes.")
    await tale.presses("Cleo", "Close")
    await tale.both_show("Parks won in the first round, with 3 of 5 votes.")
    await tale.presses("Colin", "Results")
    await tale.is_told("Colin", "By points (first place most)")

    more = 'questions:"Coffee or tea?\nCoffee\nTea\n\nAnything else?"'
    await tale.types("Cleo", f"poll Shall we meet in person? shape:yes-no {more}")
    await tale.both_show("Shall we meet in person?", "Coffee or tea?", "Anything else?")
    await tale.presses("Ravi", "Vote", q1="1", q2="5", q3="Cake")
    await tale.presses("Peter", "Vote", q1="3", q2="4")
    await tale.both_show("Yes, by 1 to 0, and 1 abstention.", "Tied: Coffee and Tea, with 1 vote each.", "1 answer.")
    await tale.presses("Cleo", "Edit")
    await world.until(lambda: "Options of question 2" in tale.form("Cleo"), what="the form of all questions")
    same = {"question": "Shall we meet in person?", "question3": "Anything else to drink?"}
    await tale.sends("Cleo", **same, question2="Coffee or what?", options2="4: Coffee")
    await tale.is_told("Cleo", "Please keep two options or more, one on each line.")
    await tale.sends("Cleo", **same, question2="Coffee or what?", options2="4: Strong coffee\n5: Tea\nJuice")
    await tale.is_told("Cleo", "Edited; the votes stay.")
    await tale.both_show("Coffee or what?", "Tied: Strong coffee and Tea, with 1 vote each.", "Juice", "else to drink?")
    await tale.ends_well()


async def test_dates_are_read_on_ones_own_clocks(world: World) -> None:
    tale = Tale(world)
    await tale.types("Nadia", "reminders zone:Tokyo", room=False)
    await tale.is_told("Nadia", "Asia/Tokyo")
    await tale.types("Cleo", "poll When? | 1 December 10:00 | 2 December 14:00 shape:dates")
    await tale.both_show("Times are those of Europe/London; the form shows them on your own clocks.", "10:00 GMT")
    await tale.presses("Nadia", "Vote")
    await world.until(lambda: "19:00 JST" in tale.form("Nadia"), what="Tokyo's hours")
    assert "GMT" not in tale.form("Nadia") and "Times are those of Asia/Tokyo." in tale.form("Nadia")
    await tale.sends("Nadia", o1="2", o2="0")
    await tale.both_show("10:00 GMT suits best: 1 can come.")
    await tale.presses("Nadia", "Results")
    await tale.is_told("Nadia", "19:00 JST suits best: 1 can come.")
    await tale.presses("Ravi", "Vote")
    await world.until(lambda: "10:00 GMT" in tale.form("Ravi"), what="London's hours")
    await tale.ends_well()


async def test_an_anonymous_poll_keeps_every_choice_to_itself(world: World) -> None:
    tale = Tale(world)
    await tale.types("Cleo", "poll Should Ravi chair? | Aye | Nay anonymous:yes")
    await tale.both_show("Anonymous: nobody can ever see who chose what", "Results are shown once at least 3 people")
    await tale.presses("Ravi", "Aye")
    await tale.is_told("Ravi", "It can't be traced back to you, and so it can't be changed.")
    await tale.presses("Ravi", "Nay")
    await tale.is_told("Ravi", "You have voted already.")
    await tale.presses("Peter", "Nay")
    await tale.both_show("2 of 8", "Results are shown once at least 3 people", without=("Aye leads", "▓", "█"))
    await tale.presses("Nadia", "Results")
    await tale.is_told("Nadia", "Nothing is shown of an anonymous poll before 3 have voted.")
    await tale.presses("Nadia", "Nay")
    await tale.both_show("Nay leads with 2 of 3 votes.", without=("Peter", "Nadia", "Ravi Council"))
    await tale.presses("Cleo", "Close")
    await tale.both_show("Nay won with 2 of 3 votes.")
    await tale.presses("Cleo", "Results")
    said = await tale.is_told("Cleo", "Nay won with 2 of 3 votes.")
    assert "Peter" not in said and "Who chose what" not in said
    await tale.ends_well()


async def test_results_stay_hidden_until_one_has_voted(world: World) -> None:
    tale = Tale(world)
    await tale.types("Cleo", 'poll Which logo? | Oak | Owl hidden:"until voted"')
    await tale.both_show("Results are hidden until you have voted.")
    await tale.presses("Ravi", "Oak")
    await tale.both_show("1 of 8", without=("Oak leads", "▓", "█"))
    await tale.presses("Nadia", "Results")
    await tale.is_told("Nadia", "Results are hidden until you have voted.")
    await tale.presses("Ravi", "Results")
    await tale.is_told("Ravi", "Oak leads with 1 of 1 vote.")
    await tale.ends_well()


async def test_a_poll_closes_by_number_by_time_and_when_all_have_voted(world: World) -> None:
    tale = Tale(world)
    await tale.types("Cleo", "poll Quick? | A | B closes-after:2")
    await tale.both_show("after 2 votes")
    await tale.presses("Ravi", "A")
    await tale.presses("Nadia", "A")
    await tale.both_show("A won with 2 of 2 votes.")

    await tale.types("Cleo", 'poll By Friday? | A | B closes:"in 2 hours"')
    await tale.both_show("By Friday?", "Closes")
    await tale.presses("Ravi", "B")
    await tale.both_show("1 of 8")
    await world.pass_time(3 * 3600)
    await tale.both_show("B won with 1 of 1 vote.")
    await tale.presses("Cleo", "Reopen", why="Too early.")
    await tale.both_show("B leads with 1 of 1 vote.")

    await tale.types("Cleo", 'poll Police only? | A | B voters:"Only Police" closes-when-all:yes')
    await tale.both_show("For Police only.", "0 of 3")
    await tale.presses("Ravi", "A")
    await tale.is_told("Ravi", "This poll is for one organisation only, so you can follow but not vote.")
    for name in ("Peter", "Dora", "Della"):
        await tale.presses(name, "A")
    await tale.both_show("A won with 3 of 3 votes.")

    await tale.types("Cleo", "poll One voice each? | A | B unit:organisation")
    await tale.both_show("Each organisation votes once; its last vote counts.", "0 of 4")
    await tale.presses("Peter", "A")
    await tale.presses("Dora", "B")
    await tale.both_show("B leads with 1 of 1 vote.", "1 of 4")
    await tale.ends_well()


async def test_who_asked_can_edit_nudge_share_copy_and_delete(world: World) -> None:
    tale = Tale(world)
    await tale.types("Peter", "poll Wich evening? | Tue | Wed | Thu")
    await tale.both_show("Wich evening?")
    await tale.presses("Ravi", "Wed")
    await tale.presses("Nadia", "Thu")
    await tale.both_show("2 of 8")
    await tale.presses("Nadia", "Edit", question="Mine now?")
    await tale.is_told("Nadia", "Only who asked this poll, the chair or the coordinator can edit it.")
    options = "1: Tuesday\n2: Wednesday\nFriday"
    await tale.presses("Peter", "Edit", question="Which evening?", options=options)
    await tale.is_told("Peter", "Edited; the votes stay.")
    await tale.both_show(
        "Which evening?", "Edited since it was first asked.", "Wednesday leads with 1 of 1 vote.", "Friday"
    )
    await tale.presses("Carla", "Who has not voted")
    await tale.is_told("Carla", "6 people have not voted.", "Colin College (College)")
    await tale.presses("Cleo", "Share in a room")
    await world.until(lambda: "Which room" in tale.form("Cleo"), what="the rooms to choose from")
    await tale.sends("Cleo", room=await _room(tale))
    await tale.is_told("Cleo", "It now stands in")
    await tale.presses("Cleo", "Copy")
    await world.until(lambda: tale.form("Cleo"), what="the form of a copy")
    assert "Tuesday" in tale.form("Cleo") and "Which evening?" in tale.form("Cleo")
    await tale.presses("Peter", "Delete", why="A slip.")
    await tale.is_told("Peter", "The poll is deleted.")
    await tale.ends_well()


async def _room(tale: Tale) -> str:
    rooms = await tale.world.read(lambda session: partners.rooms(session, tale.key))
    return str(rooms[0].ref)


async def test_a_scheduled_poll_opens_by_itself_and_is_asked_again(world: World) -> None:
    tale = Tale(world)
    await tale.types("Cleo", 'poll How do you feel? | Good | Bad opens:"in 2 hours" repeats:weekly')
    await tale.is_told("Cleo", "It opens by itself on")
    assert "How do you feel?" not in tale.rooms_say()
    await world.pass_time(2 * 3600 + 60)
    await tale.both_show("Poll 1: How do you feel?")
    await world.pass_time(7 * DAY)
    await tale.both_show("Poll 2: How do you feel?")
    await tale.ends_well()


async def test_the_winner_is_put_to_the_partners(world: World) -> None:
    tale = Tale(world)
    await tale.types("Cleo", "poll Where do we meet? | Library | Town hall")
    await tale.both_show("Where do we meet?")
    await tale.presses("Ravi", "Library")
    await tale.both_show("1 of 8")
    await tale.presses("Cleo", "Close")
    await tale.both_show("Library won")
    await tale.presses("Cleo", "Put it to the partners", closes=world.clock.now() + datetime.timedelta(days=3))
    await tale.both_show("Agreement 1: Where do we meet? Library")
    await tale.presses("Ravi", "Make it an action")
    await world.until(lambda: "Where do we meet? Library" in tale.form("Ravi"), what="the form of an action")
    await tale.sends("Ravi", title="Book the library", due=world.clock.now().date() + datetime.timedelta(days=9))
    await tale.is_told("Ravi", "It is yours")
    await tale.presses("Nadia", "Raise it as an item")
    await world.until(lambda: "Poll 1 asked: Where do we meet?" in tale.form("Nadia"), what="the form of an item")
    assert "Item 1" not in tale.rooms_say()  # the press alone has raised nothing
    await tale.sends("Nadia", title="Where we meet", wants="noting", detail="See the poll.")
    await tale.is_told("Nadia", "you will hear what becomes of it")
    await tale.presses("Colin", "What came of it")
    await tale.is_told("Colin", "Poll 1: Where do we meet?", "Book the library", "Agreement 1")
    await tale.ends_well()


LINK = re.compile(r"http://127\.0\.0\.1:\d+/board/files/[\w=-]+")


async def _links(tale: Tale, name: str) -> list[str]:
    """The links that this person was given last, as they stand in what the tool shows."""
    person, world = tale.who(name), tale.world
    if person.slack:
        shown: list[object] = [each.blocks for each in world.slack.messages(TEAM, tale.board.slack_room)]
    else:
        shown = list(world.teams.messages(TENANT, world.teams.personal(TENANT, person.teams)))
        here = world.teams.store.conversation(tale.board.teams_room)
        shown += [each.views.get(person.teams) for each in here.messages.values()]
    return list(dict.fromkeys(LINK.findall(json.dumps(shown, default=str))))[-3:]


async def test_the_results_are_taken_away_as_files(world: World) -> None:
    tale = Tale(world)
    await tale.types("Cleo", EVENING)
    await tale.both_show("Which evening?")
    await tale.presses("Ravi", "Wed")
    await tale.both_show("1 of 8")
    await tale.presses("Cleo", "Close")
    await tale.both_show("Wed won with 1 of 1 vote.", "Export")
    for name in ("Ravi", "Nadia"):
        await tale.presses(name, "Export")
        await tale.is_told(name, "Results of poll 1 as files", "Spreadsheet", "good for 60 minutes")
        got = {}
        for link in await _links(tale, name):
            async with world.session.get(link) as answer:
                assert answer.status == 200, await answer.text()
                assert answer.headers["Cache-Control"] == "private, no-store"
                got[answer.headers["Content-Disposition"].rpartition(".")[2].rstrip('"')] = await answer.read()
        assert set(got) == {"svg", "xlsx", "csv"}
        assert got["xlsx"][:2] == b"PK" and "Wed,1,100.0,yes,Ravi Council" in got["csv"].decode("utf-8-sig")
        assert b"Wed won with 1 of 1 vote." in got["svg"]
    links = await _links(tale, "Ravi")
    async with world.session.get(links[0][:-4] + "AAAA") as answer:
        assert (answer.status, "leads nowhere" in await answer.text()) == (410, True)
    await tale.presses("Cleo", "Reopen", why="Too early.")
    await tale.both_show("Wed leads")
    async with world.session.get(links[0]) as answer:
        assert (answer.status, "once the poll has closed" in await answer.text()) == (403, True)
    await world.pass_time(3600 + 5)
    async with world.session.get(links[0]) as answer:
        assert (answer.status, "good for an hour" in await answer.text()) == (410, True)
    await tale.ends_well()


WRONG = {
    "poll Which evening?": "Please give two options or more, one on each line.",
    "poll Which evening? | Tue": "Please give two options or more, one on each line.",
    "poll Which? | "
    + " | ".join(str(n) for n in range(60)): "60 options are too many for one poll; please keep to 50.",
    "poll Which? | Tue | Wed | tue": "“tue” stands there twice; please keep one of them.",
    "poll “Which evening?” “Tue”": "Please give two options or more",
    "poll 🎉": "Please give two options or more",
    f"poll {'long ' * 1000}| a | b": "characters long; please keep it to 300.",
    f"poll Which? | {'long ' * 1000}| b": "characters long; please keep each to 150.",
    "poll Which? | a | b closes:yesterday": "“yesterday” is in the past; please choose a later time.",
    "poll Which? | a | b max:99 shape:dots": "please give a number from 1 to 20.",
    "poll When? | tomorrow | when pigs fly shape:dates": "isn’t a date or time that I can read.",
}


async def test_a_wrong_line_opens_the_form_with_one_sentence_and_what_was_understood(world: World) -> None:
    tale = Tale(world)
    before = await counts(world)
    for name in ("Cleo", "Peter"):
        for line, sentence in WRONG.items():
            await tale.types(name, line)
            asked = line.removeprefix("poll ").split("|")[0].strip(" “”").split("”")[0]
            heard = await tale.is_told(name, sentence, "Your question", asked[:20])
            assert heard.count(sentence) == 1
        await tale.types(name, "poll")
        await tale.is_told(name, "Your question", "Options")
    assert await counts(world) == before
    for line in ("poll “Which?” “Tue”, “Wed”", "poll Which?\n- Tue\n- Wed", "poll 🍕 or 🍔? | 🍕 | 🍔"):
        await tale.types("Peter", line)
        await tale.is_told("Peter", "It now stands in 2 rooms of this board.")
    await tale.ends_well()


async def test_fifty_options_are_picked_from_a_list(world: World) -> None:
    tale = Tale(world)
    await tale.types("Cleo", "poll Which of many? | " + " | ".join(f"Option {number}" for number in range(1, 51)))
    await tale.both_show("Which of many?", "… and 38 more options")
    await tale.presses("Ravi", "Option 49")
    await tale.is_told("Ravi", "Your vote: Option 49.")
    card = world.teams.messages(TENANT, TEAMS_ROOM)[-1]
    done = await world.teams.execute(TENANT, "oid-police", TEAMS_ROOM, card["id"], "Vote", {"option": "50"})
    assert done.status in (0, 200, 202)
    await tale.both_show("Tied: Option 49 and Option 50, with 1 vote each.")
    await tale.ends_well()


async def test_a_number_shows_that_poll_and_words_those_that_have_them(world: World) -> None:
    tale = Tale(world)
    for line in (EVENING, "poll Which room? | Hall | Library"):
        await tale.types("Cleo", line)
    await tale.both_show("Which room?")
    for name in ("Ravi", "Nadia"):
        await tale.types(name, "poll 2", room=False)
        await tale.is_told(name, "Poll 2: Which room?", "Library", "Voted")
        await tale.types(name, "polls evening", room=False)
        await tale.is_told(name, "Poll 1: Which evening?", "Wed", "Voted")
        await tale.types(name, "polls which", room=False)
        await tale.is_told(name, "1. Which evening?", "2. Which room?")
        await tale.types(name, "poll #9", room=False)
        await tale.is_told(name, "Nothing matches. Type polls alone to see them all.")


async def test_templates_previews_and_polls_of_one_room(world: World) -> None:
    tale = Tale(world)
    await tale.types("Peter", 'poll template:"fist of five"')
    await tale.both_show("How far can you support this?", "5 – I will lead it")
    await tale.types("Peter", "poll template:“which theme first”")
    await tale.both_show("Which theme should we take up first?", "Rank your first")

    await tale.types("Cleo", "poll")
    await world.until(lambda: tale.form("Cleo"), what="the form")
    await tale.sends("Cleo", question="Which tea?", options="Mint\nBlack", preview="yes")
    await tale.is_told("Cleo", "So it would look: Which tea?", "Nobody has voted yet.")
    assert "Which tea?" not in tale.rooms_say()
    await tale.sends("Cleo", preview="no")
    await tale.both_show("Which tea?")

    await tale.types("Cleo", 'poll Who is here? | Me | Nobody voters:"Those in this room"')
    await tale.is_told("Cleo", "It now stands in 1 room of this board.")
    await world.until(lambda: "Who is here?" in tale.slack_card(), what="the card in Slack")
    await tale.presses("Ravi", "Me")
    await tale.is_told("Ravi", "Your vote: Me.")
    assert "Who is here?" not in tale.teams_card()
    await tale.ends_well()
