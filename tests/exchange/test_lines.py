"""The scanner knows the line of every key that the standard parser finds, whatever the file's style."""

import pathlib
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.exchange.lines import Lines, Path
from tests.exchange.files import GOOD

TRICKY = '''
"quoted key" = 1
'lit.eral' = "a # no comment [x] = 1"
a.b . "c d" = """
[not.a.table]
x = "\\""" still inside """
d = \'\'\'
it's [[not]] one
\'\'\'
e = [ # comment ] here
  "one", # and , here
  { f = 1, g = ["]", "}"] },
  [1,
   2],
]
[t]
k = 1 # done
[[t.list]]
n = 1
[[t.list]]
n = 2
  [t.list.sub]
  m = 1
  [[t.list.deep]]
  o = 1
  [[t.list.deep]]
  o = 2
[t."x.y"]
u = "\\u0041"
"\\u0041" = 2
when = 2026-12-04T17:00:00
'''


def paths(value: Any, path: Path = ()) -> Iterator[Path]:
    """Every key and element in what the standard parser made."""
    inner: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inner:
        yield (*path, key)
        yield from paths(each, (*path, key))


@pytest.mark.parametrize("text", [TRICKY, GOOD, GOOD.replace("\n", "\r\n")])
def test_every_key_has_its_own_line(text: str) -> None:
    lines = Lines(text)
    source = text.replace("\r\n", "\n").split("\n")
    for path in paths(tomllib.loads(text)):
        line = lines.of(path)
        name = next(str(part) for part in reversed(path) if isinstance(part, str))
        above = "\n".join(source[:line])
        assert name.replace("A", "u0041") in above or name in above, (path, line)
        if isinstance(path[-1], str):
            assert name in source[line - 1] or "u0041" in source[line - 1], (path, line, source[line - 1])


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("quoted key",), 2),
        (("lit.eral",), 3),
        (("a", "b", "c d"), 4),
        (("d",), 7),
        (("e", 0), 11),
        (("e", 1, "g", 1), 12),
        (("e", 2, 1), 14),
        (("t", "list", 0, "n"), 19),
        (("t", "list", 1), 20),
        (("t", "list", 1, "n"), 21),
        (("t", "list", 1, "sub", "m"), 23),
        (("t", "list", 1, "deep", 1, "o"), 27),
        (("t", "x.y", "A"), 30),
        (("t", "x.y", "when"), 31),
        (("t", "list", 1, "unheard of"), 20),
        ((), 1),
    ],
)
def test_lines_of_a_tricky_file(path: Path, line: int) -> None:
    assert Lines(TRICKY).of(path) == line


def test_the_barnet_file(root: pathlib.Path) -> None:
    text = (root / "examples" / "barnet.toml").read_text("utf-8")
    source = text.split("\n")
    lines = Lines(text)
    for place, member in enumerate(tomllib.loads(text)["members"]):
        assert source[lines.of(("members", place)) - 1] == "[[members]]"
        assert member["name"] in source[lines.of(("members", place, "name")) - 1]


@given(st.text(alphabet="[]{}\"'=,.#\n\\ abé1", max_size=60))
def test_any_text_comes_to_an_end(text: str) -> None:
    assert 1 <= Lines(text).of(("a", "b")) <= text.count("\n") + 1
