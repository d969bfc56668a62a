"""Goldens are compared, or with --update-goldens written anew."""

import pytest

from tests.golden.case import Everything
from tests.golden.cases import show_all


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-goldens", action="store_true", help="write the goldens anew instead of comparing them")


@pytest.fixture(scope="session")
def update(request: pytest.FixtureRequest) -> bool:
    """Whether the goldens are to be written."""
    return bool(request.config.getoption("update_goldens", default=False))


@pytest.fixture(scope="session")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Everything:
    """What every case shows to people of each tool, by name."""
    return show_all(tmp_path_factory.mktemp("goldens"))
