"""The command reference, docs/commands.md, and the policy table, docs/policy.md, made from all commands' declarations.

`python -m bot.reference` writes it; with `--check` it only tells whether they are up to date.
"""

import dataclasses
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from core.catalog import COMMANDS
from core.commands import EVERYONE, Command, Param, Role, params_of
from core.forms import usage

DOCS = Path(__file__).parent.parent / "docs"
STALE = "docs/{} is not what the commands say; write it anew with: python -m bot.reference\n"

_HEAD = """\
# Commands

<!-- Made from the declarations of the commands by `python -m bot.reference`. Change those, not this page. -->

## How to ask

| where | how |
|---|---|
| Slack, in any channel | `/board agree …`, or `/agree …`; `/board` alone is `home` |
| Slack, in a channel where Folkmoot is | `@Folkmoot agree …` |
| Slack, in a direct message to Folkmoot | just `agree …` |
| Teams, in a channel or a group chat | `@Folkmoot agree …` |
| Teams, in a chat with Folkmoot | just `agree …` |

Slack keeps `/join` for itself, so there it is `/board join …`.

The first word says what you want. Then comes free text, and anywhere in it `#theme`, `@person` and `name:value`. What
has several words stands in quotes, straight or curly: `closes:"Fri 5pm"`, `#"Smart cities"`. The first three letters of
a name are enough if no other begins so. Dates are read as people write them, in the board's time zone; a day without a
time means 17:00. A line that says all that is needed acts at once. One from which something is missing opens the form,
filled with what was said; a value that cannot be read is refused with a sentence that says what to write.

The pages below say who may ask at all. Some things look closer: only those who may speak for an organisation that was
entitled when voting opened can answer for it, and a proposal is amended, moved or withdrawn by the chair, the
coordinator or whoever put it.
"""

_POLICY = """\
# Who may do what

<!-- Made from the declarations of the commands by `python -m bot.reference`. Change those, not this page. -->

The table is checked at every click, form and line, whatever a button says: the account is looked up, then the member's
role on the board that the thing belongs to. What is not marked is refused. Who has left, and an account of another
workspace or tenant, is a stranger. Some commands look closer still, such as at who may speak for an organisation that
was entitled when voting opened, or at who put a proposal; they refuse more than this table, never less. The tests hold
a table of their own against this one (`tests/trust/policy.py`) and try every command in every role on the own and on a
foreign board.

"""


def page(commands: Sequence[Command[Any]]) -> str:
    """The whole page, in Markdown."""
    typed = [command for command in commands if command.word]
    pressed = [command for command in commands if not command.word]
    parts = [_HEAD, "## What can be typed\n"]
    parts += ["| word | what it does | who |\n|---|---|---|"]
    parts[-1] += "".join(f"\n| [`{each.word}`](#{each.word}) | {_cell(each.help)} | {_who(each)} |" for each in typed)
    parts[-1] += "\n"
    parts += [_typed(command) for command in typed]
    parts += ["## What only buttons do\n"]
    parts += ["| button | what it does | what it asks | who |\n|---|---|---|---|"]
    parts[-1] += "".join(f"\n| {each.title} | {_cell(each.help)} | {_asked(each)} | {_who(each)} |" for each in pressed)
    return "\n".join(parts) + "\n"


def _typed(command: Command[Any]) -> str:
    lines = [f"### {command.word}\n", f"{command.help} Who: {_who(command)}.\n", f"    {usage(command)}\n"]
    if command.example:
        lines.append(f"Such as `{command.example}`.\n")
    if command.shortcut:
        lines.append("Also a shortcut: from a message, whose words it takes along, or from where you write.\n")
    rows = [_row(command, name, each) for name, each in params_of(command.params).items() if not each.hidden]
    if rows:
        lines.append("| name | what | how it is written | if left out |\n|---|---|---|---|\n" + "\n".join(rows) + "\n")
    return "\n".join(lines)


def _row(command: Command[Any], name: str, param: Param) -> str:
    said = name.replace("_", "-")
    typed = f"`{said}:`"
    if param.free:
        typed = "behind the free text" if param.kind == "lines" else "the free text"
    if param.mark:
        typed += f" or `{param.mark}`"
    what = f"{param.label}. {param.help}".strip()
    return f"| {typed} | {_cell(what)} | {_cell(_written(param))} | {_cell(_left_out(command, name, param))} |"


def _written(param: Param) -> str:
    if param.choices:
        return ", ".join(f"`{option.value}`" for option in param.choices)
    return {
        "ref": "a reference",
        "line": f"one line, up to {param.max_length:,} characters",
        "text": f"text, up to {param.max_length:,} characters",
        "lines": f"parts divided by `|`, line breaks or quotes, each up to {param.max_length:,} characters",
        "sheet": "what the form asks for",
        "choice": "one of the board's own",
        "choices": "one or several of the board's own, divided by commas",
        "moment": 'a day and a time, such as `"Fri 5pm"`',
        "date": "a day, such as `30 June`",
        "number": "a whole number",
        "toggle": "yes or no",
    }[param.kind]


def _left_out(command: Command[Any], name: str, param: Param) -> str:
    if param.required:
        return "it is asked for"
    default = next(each.default for each in dataclasses.fields(command.params) if each.name == name)
    return f"`{default}`" if default not in (None, "", (), dataclasses.MISSING) else "none"


def _asked(command: Command[Any]) -> str:
    shown = [each.label for each in params_of(command.params).values() if not each.hidden]
    return _cell("; ".join(shown)) or "nothing"


def _who(command: Command[Any]) -> str:
    if command.open_to_strangers:
        return "anyone, member or not"
    if command.roles == EVERYONE:
        return "every member"
    return ", ".join(role.value for role in Role if role in command.roles)


def policy(commands: Sequence[Command[Any]]) -> str:
    """Who may do what, in Markdown: one row for each command, one column for each role."""
    rows = ["| command | title |" + "".join(f" {role.value} |" for role in Role) + " stranger |"]
    rows.append("|---|---|" + "---|" * (len(Role) + 1))
    for each in sorted(commands, key=lambda command: command.name):
        may = [each.open_to_strangers or role in each.roles for role in Role] + [each.open_to_strangers]
        rows.append(f"| `{each.name}` | {_cell(each.title)} |" + "".join(" yes |" if yes else " |" for yes in may))
    return _POLICY + "\n".join(rows) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def main(arguments: Sequence[str]) -> int:
    """Write the pages, or with --check compare them. 0 good, 1 stale, 2 wrong usage."""
    if arguments not in ([], ["--check"]):
        sys.stderr.write("Usage: python -m bot.reference [--check]\n")
        return 2
    stale = False
    DOCS.mkdir(exist_ok=True)
    for name, wanted in (("commands.md", page(COMMANDS)), ("policy.md", policy(COMMANDS))):
        path = DOCS / name
        if not arguments:
            path.write_text(wanted, "utf-8")
        elif not path.is_file() or path.read_text("utf-8") != wanted:
            sys.stderr.write(STALE.format(name))
            stale = True
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
