"""The shape of the house: small files, small functions, and few who may commit."""

import ast
import pathlib
from collections.abc import Iterator

import pytest

PRODUCT = ("adapters", "bot", "core")
FILE_LINES = 320
FUNCTION_LINES = 60
MAY_COMMIT = {"core/courier.py", "core/dispatch.py", "core/transactions.py"}
ADAPTERS_MAY_IMPORT = {"core.cards", "core.errors", "core.requests"}


def sources(root: pathlib.Path, *folders: str) -> Iterator[tuple[str, str]]:
    """Path (from the root) and text of every Python file in these folders."""
    for folder in folders:
        for path in sorted((root / folder).rglob("*.py")):
            yield path.relative_to(root).as_posix(), path.read_text("utf-8")


def long_functions(text: str) -> list[str]:
    """Functions of more than FUNCTION_LINES lines, docstring and decorators aside."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) and len(node.body) > 1 else node.body
            lines = (node.end_lineno or node.lineno) - body[0].lineno + 1
            if lines > FUNCTION_LINES:
                found.append(f"{node.name}: {lines} lines")
    return found


def commits(text: str) -> list[str]:
    """Calls of anything named commit."""
    return [
        f"line {node.lineno}"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit"
    ]


def core_imports(text: str) -> set[str]:
    """Which modules of core a file imports, wherever in the file it does."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module == "core":
            found.update(f"core.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return {name for name in found if name.partition(".")[0] == "core"}


def test_files_are_small(root: pathlib.Path) -> None:
    counts = {path: len(text.splitlines()) for path, text in sources(root, *PRODUCT)}
    assert len(counts) > len(PRODUCT)
    assert {path: lines for path, lines in counts.items() if lines > FILE_LINES} == {}


def test_functions_are_small(root: pathlib.Path) -> None:
    found = {path: long_functions(text) for path, text in sources(root, *PRODUCT)}
    assert {path: functions for path, functions in found.items() if functions} == {}


def test_handlers_never_commit(root: pathlib.Path) -> None:
    found = {path: commits(text) for path, text in sources(root, *PRODUCT) if path not in MAY_COMMIT}
    assert {path: calls for path, calls in found.items() if calls} == {}


def test_adapters_use_the_doors_of_core(root: pathlib.Path) -> None:
    found = {
        path: core_imports(text) - ADAPTERS_MAY_IMPORT
        for path, text in sources(root, "adapters/slack", "adapters/teams")
    }
    assert {path: modules for path, modules in found.items() if modules} == {}


def test_every_folder_with_code_is_a_package(root: pathlib.Path) -> None:
    folders = {(root / path).parent for path, _ in sources(root, *PRODUCT)}
    missing = [str(each.relative_to(root)) for each in sorted(folders) if not (each / "__init__.py").is_file()]
    assert missing == []


@pytest.mark.parametrize("lines", [FUNCTION_LINES - 1, FUNCTION_LINES])
def test_a_long_function_is_found(lines: int) -> None:
    body = "\n".join("    x += 1" for _ in range(lines))
    text = f'class A:\n  async def grow(x):\n    """Says\n    much."""\n    x = 1\n{body}\n'
    assert long_functions(text) == ([f"grow: {lines + 1} lines"] if lines == FUNCTION_LINES else [])


def test_a_commit_is_found() -> None:
    text = "async def f(session):\n    # session.commit()\n    await session.commit()\n    commit()\n"
    assert commits(text) == ["line 3"]


def test_an_import_of_core_is_found() -> None:
    text = "import core.db\nfrom core import cards\nimport corey\ndef f():\n  from core.a.b import C\n"
    assert core_imports(text) == {"core.db", "core.cards", "core.a.b"}
