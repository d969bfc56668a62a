"""What people are told of what is kept about them, and how they are asked before they are forgotten."""

from core.cards import Params
from core.privacy.params import EraseMe, EraseMember, EraseNow, MyData, SetKeeping, ShowPrivacy
from tests.golden.case import NOW, Asked, Case
from tests.golden.form_cases import pair


def _typed(name: str, of: type[Params], who: str, line: str) -> Case:
    return Case(name, of.command, Asked(who, line, source="line"))


def _sent(name: str, of: type[Params], who: str, **args: str) -> Case:
    return Case(name, of.command, Asked(who, command=of.command, args=args, source="form"))


CASES = (
    _typed("privacy", ShowPrivacy, "U_POLICE", "privacy"),
    _typed("privacy-steering", ShowPrivacy, "U_COORDINATOR", "privacy"),
    _typed("my-data", MyData, "U_POLICE", "mydata"),
    _sent("erase-asked", EraseMe, "U_POLICE", sure="erase"),
    _sent("refused-erase-only-chair", EraseMe, "U_CHAIR", sure="erase"),
    _sent("erase-member-asked", EraseMember, "U_COORDINATOR", member="mem_105", sure="erase"),
    _sent("erased", EraseNow, "U_COORDINATOR", member="mem_107", asked=NOW.isoformat()),
    _typed("retention-set", SetKeeping, "U_CHAIR", "retention 90 left:365"),
    *pair("erase", EraseMe, "U_POLICE", {}, {"sure": "yes"}),
    *pair("erase-member", EraseMember, "U_COORDINATOR", {}, {"member": "nobody", "sure": ""}),
    *pair("retention", SetKeeping, "U_CHAIR", {}, {"days": "0", "left": "soon"}),
)
