"""`manage.py campaign --list`: a campaign of an own list without a browser."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from services import campaigns, lists
from services.identity import Person
from tests.support.campaigns import finished, lead
from tests.support.people import person
from tests.support.servers import Database
from tests.support.terminal import manage
from tests.support.workers import worker

ROWS = (
    "Firm name here;Where on the net;town\n"
    "Lantern Oy;lantern.test;Turku\n"
    "Lantern Oy;www.lantern.test;Turku\n"
    "Anchor;anchor.test;Espoo\n"
    "Nobody;;\n"
)
WORDS = ("--column", "name=Firm name here", "--column", "website=Where on the net", "--waterfall", "none")


@pytest.fixture
def owner(database: Database, redis_url: str) -> Person:
    return person("owner")


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "fair.csv"
    path.write_text(ROWS)
    return str(path)


def test_a_dry_run_says_what_the_pages_say_and_leaves_nothing(
    owner: Person, file: str, tmp_path: Path
) -> None:
    known = lead(1, name="Anchor", domain="anchor.test", website="http://anchor.test/", city="Espoo")
    finished(owner, [known])
    with worker(tmp_path):
        done = manage("campaign", "--list", file, *WORDS, "--dry-run")
        as_json = manage("campaign", "--list", file, *WORDS, "--dry-run", "--json", "--name", "Fair 2026")
    assert done.returncode == 0, done.stderr
    assert "Read as city: town, name: Firm name here, website: Where on the net." in done.stderr
    said = done.stdout.splitlines()
    assert said[0] == (
        "fair: 4 rows read, 2 can be used, 1 cannot, 1 repeats another one. 1 of them means a company of your book."
    )
    assert said[1].startswith("Row 5: ")
    assert "has no town or postcode" in said[1]
    assert "Companies of the list: 3" in said
    answer = json.loads(as_json.stdout)
    assert (answer["list"]["name"], answer["list"]["usable"], answer["matching"]) == ("Fair 2026", 2, 3)
    assert (answer["in_book"]["known"], answer["place"], answer["warnings"]) == (1, None, [])
    assert (lists.newest(owner), campaigns.list_mine(owner).total) == ((), 1)


def test_its_companies_are_looked_up(owner: Person, file: str, tmp_path: Path) -> None:
    target = tmp_path / "leads.csv"
    with worker(tmp_path):
        done = manage("campaign", "--list", file, *WORDS, "--csv", str(target))
    assert done.returncode == 0, done.stderr
    assert "Row 5: " in done.stderr
    assert "Campaign completed: 2 leads, $0.00" in done.stdout
    with target.open(encoding="utf-8-sig") as leads:
        assert {row["Name"] for row in csv.DictReader(leads)} == {"Lantern Oy", "Anchor"}
    (made,) = campaigns.list_mine(owner).rows
    assert (made.title, made.spec.max_results, lists.newest(owner)) == ("List fair", 2, ())


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--list", "/no/such/file.csv"), "/no/such/file.csv does not exist."),
        (("--list", "{file}", "--column", "mail=town"), "“mail=town” names no column."),
        (("--list", "{file}", "--column", "email=Mail"), "There are Firm name here, Where on the net, town."),
        (("--list", "{file}"), "by these a company is known"),
        (("--list", "{file}", *WORDS, "--country", "Atlantis"), "That is no country."),
        (("cafe", "Helsinki", "--list", "{file}"), "Give either."),
        (("cafe", "Helsinki", "--dry-run"), "Name its file with --list."),
        (("--list", "{file}", *WORDS, "--budget", "1,50"), "budget"),
    ],
)
def test_wrong_words_get_a_sentence_and_nothing_is_kept(
    owner: Person, file: str, tmp_path: Path, words: tuple[str, ...], says: str
) -> None:
    with worker(tmp_path):
        done = manage("campaign", *(word.format(file=file) for word in words))
    assert done.returncode == 1
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert (lists.newest(owner), campaigns.list_mine(owner).total) == ((), 0)


def test_a_list_of_which_nothing_can_be_ordered_is_let_go(owner: Person, file: str, tmp_path: Path) -> None:
    nobody, many = tmp_path / "nobody.csv", tmp_path / "many.csv"
    nobody.write_text("name;website\nNobody;\n")
    many.write_text("website\n" + "".join(f"anchor-{number}.test\n" for number in range(1001)))
    with worker(tmp_path):
        empty, full, refused = (
            manage("campaign", "--list", str(path), *more)
            for path, more in ((nobody, ()), (many, ()), (file, (*WORDS, "--known", "perhaps")))
        )
    assert "There is nobody to look up." in empty.stderr
    assert "A campaign looks up 1,000 companies at most. This file names 1,001. Mend the file." in full.stderr
    assert "can be taken in one of three ways" in refused.stderr
    assert [done.returncode for done in (empty, full, refused)] == [1, 1, 1]
    assert lists.newest(owner) == ()
