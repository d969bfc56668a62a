"""What people can ask of agreements, and who may; the handlers stand in the modules named here."""

from typing import Any

from core.agreements import answering, proposing, seeing, steering
from core.agreements.params import (
    Amend,
    Answer,
    Cast,
    Close,
    Confirm,
    Decide,
    DeclareInterest,
    Extend,
    Open,
    Propose,
    Reopen,
    TakeBack,
    Withdraw,
    WithdrawInterest,
)
from core.agreements.views import ListAgreements, ShowAgreement, ShowOutcome, ShowPaper, ShowRoll
from core.commands import EVERYONE, STEERING, VOICES, Command, Role, View

CHAIR = frozenset({Role.CHAIR})
PARTNERS = VOICES | {Role.COORDINATOR}


VIEWS: tuple[View[Any], ...] = (
    View(params=ShowAgreement, draw=seeing.draw_agreement),
    View(params=ShowOutcome, draw=seeing.draw_outcome),
)

COMMANDS: tuple[Command[Any], ...] = (
    Command(
        params=Propose,
        handle=proposing.propose,
        word="agree",
        numbers="agreements",
        title="Propose an agreement",
        help="Put something to the partners and have it agreed by vote.",
        example='agree Adopt the five themes closes:"Fri 5pm" rule:consent quorum:5',
        submit="Propose",
        roles=PARTNERS,
        opens_form=True,
        shortcut=True,
        choices=proposing.propose_choices,
        prefill=proposing.propose_prefill,
    ),
    Command(
        params=Open, handle=proposing.open_, title="Open voting", help="Open a proposal to the vote.", roles=STEERING
    ),
    Command(
        params=Cast,
        handle=answering.cast,
        together=answering.cast_together,
        title="Your reason",
        help="Answer for your organisation.",
        submit="Send",
        roles=EVERYONE,
    ),
    Command(
        params=Answer,
        handle=answering.answer,
        title="Answer with a comment",
        help="Answer for your organisation and say why.",
        submit="Send",
        choices=answering.answer_choices,
        roles=EVERYONE,
    ),
    Command(
        params=TakeBack,
        handle=answering.take_back,
        title="Take back",
        help="Leave the question unanswered again.",
        roles=EVERYONE,
    ),
    Command(
        params=DeclareInterest,
        handle=answering.declare_interest,
        title="Declare an interest",
        help="Declare an interest; your organisation then takes no part.",
        submit="Declare",
        roles=EVERYONE,
    ),
    Command(
        params=WithdrawInterest,
        handle=answering.withdraw_interest,
        title="Withdraw interest",
        help="Undo an interest declared in error.",
        roles=EVERYONE,
    ),
    Command(
        params=Amend,
        handle=steering.amend,
        title="Amend the text",
        help="Put an amended text, which asks everyone anew.",
        submit="Put it",
        roles=PARTNERS,
        prefill=steering.amend_prefill,
    ),
    Command(
        params=Extend,
        handle=steering.extend,
        title="Move the deadline",
        help="Give partners more time, or less.",
        roles=PARTNERS,
        prefill=steering.extend_prefill,
    ),
    Command(
        params=Close,
        handle=steering.close,
        title="Close early",
        help="Close the vote before its deadline, on the record.",
        submit="Close",
        roles=CHAIR,
    ),
    Command(
        params=Reopen,
        handle=steering.reopen,
        title="Reopen",
        help="Ask again after the close, on the record.",
        submit="Reopen",
        roles=CHAIR,
        prefill=steering.extend_prefill,
    ),
    Command(
        params=Withdraw,
        handle=steering.withdraw,
        title="Withdraw",
        help="Take a proposal off the table, on the record.",
        submit="Withdraw",
        roles=PARTNERS,
    ),
    Command(
        params=Decide,
        handle=steering.decide,
        title="Decide",
        help="Decide after hearing the advice.",
        submit="Decide",
        roles=EVERYONE,
    ),
    Command(
        params=Confirm,
        handle=steering.confirm,
        title="Record what came of it",
        help="Record a ratification or an approval.",
        submit="Record",
        roles=STEERING,
    ),
    Command(
        params=ShowAgreement,
        handle=seeing.show,
        title="Agreement",
        help="See an agreement.",
        roles=EVERYONE,
        reads=True,
    ),
    Command(
        params=ShowRoll,
        handle=seeing.show_roll,
        title="Who said what",
        help="See who said what.",
        reads=True,
        roles=EVERYONE,
    ),
    Command(
        params=ShowPaper,
        handle=seeing.show_paper,
        title="The paper",
        help="Read the paper.",
        reads=True,
        roles=EVERYONE,
    ),
    Command(
        params=ListAgreements,
        handle=seeing.show_list,
        word="agreements",
        title="Agreements",
        help="List the agreements, or find one by its number or words of its title.",
        example="agreements open",
        reads=True,
        roles=EVERYONE,
    ),
)
