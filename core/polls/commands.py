"""What people can ask of polls, and who may; the handlers stand in the modules named here."""

from typing import Any

from core.commands import EVERYONE, Command, View
from core.files import File
from core.polls import answering, editing, exporting, seeing, steering
from core.polls.launching import LAUNCH, PARTNERS
from core.polls.params import (
    AddOption,
    Answer,
    Close,
    Delete,
    Edit,
    ExportPoll,
    Group,
    Nudge,
    Reopen,
    Share,
    TakeBack,
    Vote,
)
from core.polls.views import ListPolls, ShowPoll, ShowPollOutcome, ShowResults, ShowSilent

VIEWS: tuple[View[Any], ...] = (
    View(params=ShowPoll, draw=seeing.draw_poll),
    View(params=ShowPollOutcome, draw=seeing.draw_outcome),
)

FILES: tuple[File[Any], ...] = (exporting.FILE,)

COMMANDS: tuple[Command[Any], ...] = (
    LAUNCH,
    Command(
        params=Vote,
        handle=answering.vote,
        together=answering.vote_together,
        title="Vote",
        help="Choose an option of a poll.",
        roles=EVERYONE,
    ),
    Command(
        params=Answer,
        handle=answering.answer,
        sheet=answering.answer_sheet,
        title="Your vote",
        help="Vote by a form, where one press cannot say it.",
        submit="Vote",
        roles=EVERYONE,
    ),
    Command(
        params=TakeBack,
        handle=answering.take_back,
        title="Take back",
        help="Leave a poll unanswered again.",
        roles=EVERYONE,
    ),
    Command(
        params=AddOption,
        handle=answering.add_option,
        title="Add an option",
        help="Add an option to a poll that lets everyone do so.",
        submit="Add",
        roles=EVERYONE,
    ),
    Command(
        params=Edit,
        handle=editing.edit,
        prefill=editing.edit_prefill,
        sheet=editing.edit_sheet,
        sheet_below=True,
        title="Edit the poll",
        help="Mend the wording, add or withdraw options, move the close; votes stay.",
        roles=PARTNERS,
    ),
    Command(params=Close, handle=steering.close, title="Close the poll", help="Close a poll now.", roles=PARTNERS),
    Command(
        params=Reopen,
        handle=steering.reopen,
        title="Reopen the poll",
        help="Open a poll again after its close, on the record.",
        submit="Reopen",
        roles=PARTNERS,
    ),
    Command(
        params=Delete,
        handle=steering.delete,
        title="Delete the poll",
        help="Delete a poll for everyone.",
        submit="Delete",
        roles=PARTNERS,
    ),
    Command(
        params=Share,
        handle=steering.share,
        choices=steering.share_choices,
        title="Share in a room",
        help="Show a poll in another room, or once more at the foot of one.",
        submit="Share",
        roles=PARTNERS,
    ),
    Command(
        params=Nudge,
        handle=steering.nudge,
        title="Remind them",
        help="Remind those who have not voted, once.",
        roles=PARTNERS,
    ),
    Command(
        params=Group,
        handle=steering.group,
        choices=steering.group_choices,
        title="Group the answers",
        help="Put answers in words under one heading.",
        roles=PARTNERS,
    ),
    Command(params=ShowPoll, handle=seeing.show, title="Poll", help="See a poll.", roles=EVERYONE, reads=True),
    Command(
        params=ShowResults,
        handle=seeing.show_results,
        title="Results",
        help="See how a poll stands.",
        reads=True,
        roles=EVERYONE,
    ),
    Command(
        params=ExportPoll,
        handle=exporting.export,
        title="Export",
        help="Take the results of a closed poll away as files.",
        reads=True,
        roles=EVERYONE,
    ),
    Command(
        params=ShowSilent,
        handle=seeing.show_silent,
        title="Who has not voted",
        help="See who has not voted yet.",
        reads=True,
        roles=EVERYONE,
    ),
    Command(
        params=ListPolls,
        handle=seeing.show_list,
        word="polls",
        title="Polls",
        help="List the polls, or find one by its number or words of its question.",
        example="polls open",
        reads=True,
        roles=EVERYONE,
    ),
)
