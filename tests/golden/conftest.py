"""Goldens are compared, or with --update-goldens written anew."""

import pickle

import fasteners
import pytest

from tests.golden.case import Everything, Shown
from tests.golden.cases import CASES, show_all


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-goldens", action="store_true", help="write the goldens anew instead of comparing them")


@pytest.fixture(scope="session")
def update(request: pytest.FixtureRequest) -> bool:
    """Whether the goldens are to be written."""
    return bool(request.config.getoption("update_goldens", default=False))


@pytest.fixture(scope="session")
def shown(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Everything:
    """What every case shows to people of each tool, by name; asked by one of the workers, for all of them."""
    directory = tmp_path_factory.mktemp("goldens")
    if worker_id == "master":
        return show_all(directory)
    kept = tmp_path_factory.getbasetemp().parent / "goldens.pickle"  # of this run alone
    with fasteners.InterProcessLock(kept.with_suffix(".lock")):
        if not kept.exists():
            cases = show_all(directory)
            kept.write_bytes(
                pickle.dumps({tool: {n: (s.what, s.note) for n, s in of.items()} for tool, of in cases.items()})
            )
    found = pickle.loads(kept.read_bytes())
    return {tool: {name: Shown(CASES[name], *what) for name, what in of.items()} for tool, of in found.items()}
