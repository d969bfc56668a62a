"""The fixtures themselves: a leaking database or a hidden skip would make every other test worth less."""

import asyncio
import pathlib
import threading

import pytest
from playwright.async_api import Page
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from tests.databases import PostgresDatabases, SqliteFiles


async def tables(url: str, *statements: str) -> int:
    """Run statements on a database and count its tables."""
    engine = create_async_engine(url)
    catalogue = "sqlite_master WHERE type = 'table'"
    if not url.startswith("sqlite"):
        catalogue = "pg_tables WHERE schemaname = 'public'"
    async with engine.begin() as connection:
        for statement in statements:
            await connection.execute(text(statement))
        count = await connection.scalar(text(f"SELECT count(*) FROM {catalogue}"))
    await engine.dispose()
    return int(count or 0)


@pytest.mark.parametrize("time", ["first", "second"])
async def test_a_database_is_empty_whatever_came_before(database_url: str, time: str) -> None:
    assert await tables(database_url) == 0
    assert await tables(database_url, "CREATE TABLE left_behind (id INTEGER)") == 1


async def test_databases_come_migrated_and_apart(
    databases: SqliteFiles | PostgresDatabases, tmp_path: pathlib.Path
) -> None:
    upgrades: list[str] = []

    def upgrade(url: str) -> None:
        upgrades.append(url)
        work = threading.Thread(target=lambda: asyncio.run(tables(url, "CREATE TABLE made (id INTEGER)")))
        work.start()
        work.join()

    source: SqliteFiles | PostgresDatabases = SqliteFiles(tmp_path, upgrade)
    if isinstance(databases, PostgresDatabases):
        source = PostgresDatabases(databases.server, upgrade)
    one, other = source.migrated(), source.migrated()
    assert await tables(one, "CREATE TABLE more (id INTEGER)") == 2
    assert await tables(other) == 1
    assert len(upgrades) == 1
    for url in (one, other, upgrades[0]):
        source.remove(url)


def test_postgres_url_names_the_driver(postgres_url: str) -> None:
    assert postgres_url.startswith("postgresql+psycopg://")


async def test_the_page_is_a_real_browser(page: Page) -> None:
    await page.set_content("<button onclick=\"this.textContent = innerWidth + ' ' + innerHeight\">size</button>")
    await page.click("button")
    assert await page.inner_text("button") == "1440 900"


@pytest.mark.parametrize("ci", ["true", ""])
def test_in_ci_a_skip_of_these_is_a_failure(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, root: pathlib.Path, ci: str
) -> None:
    monkeypatch.setenv("CI", ci)
    monkeypatch.setenv("PYTHONPATH", str(root))
    pytester.makeconftest("from tests.conftest import pytest_runtest_makereport")
    pytester.makeini("[pytest]\nmarkers =\n  browser\n  postgresql\n")
    pytester.makepyfile("""
        import pytest

        @pytest.fixture
        def absent():
            pytest.skip("there is none")

        @pytest.mark.browser
        def test_page(absent): ...

        @pytest.mark.postgresql
        def test_database(absent): ...

        @pytest.mark.skip("for another reason")
        def test_other(): ...
    """)
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider", "-rs")
    if ci:
        result.assert_outcomes(errors=2, skipped=1)
        result.stdout.fnmatch_lines(["*a test of browser may not be skipped: *there is none*"])
        result.stdout.fnmatch_lines(["*a test of postgresql may not be skipped: *there is none*"])
    else:
        result.assert_outcomes(skipped=3)
