"""What every test may ask for: databases of both kinds, and a browser. CONTRIBUTING.md lists the fixtures."""

import gc
import os
import pathlib
import shutil
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import hypothesis
import pytest

from tests.databases import PostgresDatabases, SqliteFiles, private_postgres

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

IN_CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}  # noqa: TID251 - tests have no settings
NOT_TO_BE_SKIPPED = ("browser", "postgresql")

hypothesis.settings.register_profile(
    "folkmoot",
    deadline=None,  # a busy machine is no defect
    print_blob=True,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("folkmoot")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that ask for PostgreSQL or a browser, whatever fixture led them there."""
    for item in items:
        names = set(getattr(item, "fixturenames", ()))
        if names & {"browser"}:
            item.add_marker("browser")
        if names & {"postgres_url", "postgres"}:
            item.add_marker("postgresql")


def pytest_collection_finish() -> None:
    """Take what was imported out of the collector's rounds, as a server does: walking it took a tenth of all tests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """With CI=true, a skipped test of PostgreSQL or of the browser has failed."""
    report = yield
    if IN_CI and report.skipped and not hasattr(report, "wasxfail"):
        needed = [name for name in NOT_TO_BE_SKIPPED if item.get_closest_marker(name)]
        if needed:
            reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
            report.outcome = "failed"
            report.longrepr = f"with CI=true a test of {needed[0]} may not be skipped: {reason}"
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell once more, at the end, every figure that a test has reported."""
    reports = [each for kind in ("passed", "failed") for each in terminalreporter.stats.get(kind, [])]
    figures = [
        f"{each.nodeid.rpartition('::')[2]}: {value}"
        for each in reports
        for name, value in getattr(each, "user_properties", ())
        if name == "figure" and each.when == "call"
    ]
    if figures:
        terminalreporter.section("figures")
        for figure in figures:
            terminalreporter.write_line(figure)


@pytest.fixture
def report(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Print a figure, now (with -s) and at the end of the run."""

    def say(figure: str) -> None:
        print(figure)
        record_property("figure", figure)

    return say


def _upgrade(url: str) -> None:
    from bot.migrate import upgrade

    with ThreadPoolExecutor(1) as thread:  # a migration runs a loop of its own; a test that asks may be in one
        thread.submit(upgrade, url).result()


@pytest.fixture(scope="session")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> SqliteFiles:
    """Where SQLite databases come from; most tests ask for `database_url` or `migrated_url` instead."""
    return SqliteFiles(tmp_path_factory.mktemp("sqlite"), _upgrade)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresDatabases]:
    """Where PostgreSQL databases come from; most tests ask for a URL instead."""
    server = private_postgres()
    try:
        uri = server.__enter__()
    except Exception as error:  # whatever it is, it is the reason
        pytest.skip(f"PostgreSQL does not start here: {error!r}")
    try:
        yield PostgresDatabases(uri, _upgrade)
    finally:
        server.__exit__(None, None, None)


@pytest.fixture
def postgres_url(postgres: PostgresDatabases) -> Iterator[str]:
    """The URL of an empty PostgreSQL database."""
    url = postgres.empty()
    yield url
    postgres.remove(url)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def databases(request: pytest.FixtureRequest) -> SqliteFiles | PostgresDatabases:
    """Where databases come from, of each kind in turn, for a test that needs several at once."""
    name = "sqlite" if request.param == "sqlite" else "postgres"
    source: SqliteFiles | PostgresDatabases = request.getfixturevalue(name)
    return source


@pytest.fixture
def database_url(databases: SqliteFiles | PostgresDatabases) -> Iterator[str]:
    """The URL of an empty database, once of each kind."""
    url = databases.empty()
    yield url
    databases.remove(url)


@pytest.fixture
def migrated_url(databases: SqliteFiles | PostgresDatabases) -> Iterator[str]:
    """The URL of a database as the migrations leave it, once of each kind."""
    url = databases.migrated()
    yield url
    databases.remove(url)


@pytest.fixture
async def browser() -> AsyncIterator["Browser"]:
    """The machine's own Chromium, in the test's event loop."""
    from playwright.async_api import async_playwright

    found = [shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome")]
    executable = next((path for path in found if path), None)
    if executable is None:
        pytest.skip("there is no Chromium on this machine")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=executable,
            args=[
                "--no-sandbox",  # tests may run as root, in a container
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--disable-dev-shm-usage",
            ],
        )
        yield browser
        await browser.close()


@pytest.fixture
async def page(browser: "Browser") -> AsyncIterator["Page"]:
    """A page of 1440 x 900, British and in London. The test fails when a script on it raises."""
    context = await browser.new_context(
        viewport={"width": 1440, "height": 900},
        locale="en-GB",
        timezone_id="Europe/London",
        reduced_motion="reduce",
    )
    page = await context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    await context.close()
    assert not errors, errors


@pytest.fixture(scope="session")
def root() -> pathlib.Path:
    """The top of the source tree."""
    return pathlib.Path(__file__).resolve().parent.parent
