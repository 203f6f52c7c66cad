"""The page of a client link over the network: what is in its HTML, what is in none of it, and who opens it."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest
from httpx import Client

from services import client_links
from services.client_links import Wish
from services.identity import Person
from tests.api.test_sign_in import post
from tests.support.campaigns import finished, lead
from tests.support.people import person
from tests.support.servers import Database, change

EMAIL, PHONE = "front.desk@cafe.test", "+358401234567"
SECRETS = (
    EMAIL,
    "front.desk",
    PHONE,
    "401234567",
    "40 123",
    "owner@",
    "other campaign",
    "openstreetmap lists no",
)
WORDS = "seven purple walking trams"
CLIENT = Wish(name="A name for us alone")


@pytest.fixture
def owner(site: Client, redis_url: str) -> Person:
    return person("owner")


@pytest.fixture
def campaign(owner: Person) -> UUID:
    evil = '<script>alert("x")</script>'
    finished(owner, [lead(9, name="Of another campaign")])
    first = lead(1, name=evil, email=EMAIL, phone=PHONE, website='https://cafe.test/"onclick=x?mail=' + EMAIL)
    return finished(owner, [first, *(lead(n) for n in range(2, 60))])


def path_of(link_id: UUID) -> str:
    return "/shared/" + client_links.address(link_id).rpartition("/")[2]


def test_a_client_reads_masked_leads_and_nothing_else(site: Client, owner: Person, campaign: UUID) -> None:
    path = path_of(client_links.make_for_campaign(owner, campaign, CLIENT))
    page = site.get(path)
    more = site.get(page.text.partition('<p class="ways"><a href="')[2].partition('"')[0])
    for answer in (page, more):
        assert answer.status_code == 200
        assert answer.headers["x-robots-tag"].startswith("noindex")
        assert (answer.headers["cache-control"], answer.headers["referrer-policy"]) == (
            "no-store",
            "no-referrer",
        )
        assert "script-src" not in answer.headers["content-security-policy"]
        assert "<script" not in answer.text
        assert "<form" not in answer.text
        assert "set-cookie" not in answer.headers
        said = answer.text.casefold()
        assert [one for one in (*SECRETS, CLIENT.name) if one.casefold() in said] == []
        assert "OpenStreetMap contributors" in answer.text
    assert (page.text.count("<tr>"), more.text.count("<tr>")) == (51, 10)
    assert "&lt;script&gt;" in more.text
    assert "f•••@cafe.test" in more.text
    assert 'href="https://cafe.test" rel="noopener noreferrer nofollow"' in more.text
    assert "More leads" not in more.text
    assert site.get(f"{path}/leads.csv").status_code == 404, "no download unless the link says so"


def test_a_password_opens_it_for_one_browser(
    site: Client, owner: Person, campaign: UUID, database: Database
) -> None:
    wish = replace(CLIENT, password=WORDS, allows_download=True)
    path = path_of(client_links.make_for_campaign(owner, campaign, wish))
    form = site.get(path)
    assert "noindex" in form.headers["x-robots-tag"]
    assert "Cafe 0" not in form.text
    assert site.get(f"{path}/leads.csv").status_code == 404
    wrong = post(site, path, password="another one")
    assert (wrong.status_code, "not the password" in wrong.text, "another one" in wrong.text) == (
        422,
        True,
        False,
    )
    assert (
        site.post(path, data={"password": WORDS}, headers={"Origin": "http://evil.test"}).status_code == 403
    )
    opened = post(site, path, password=WORDS)
    assert (opened.status_code, opened.headers["location"]) == (303, path)
    cookie = opened.headers["set-cookie"].casefold()
    assert "httponly" in cookie
    assert f"path={path}".casefold() in cookie
    assert "Cafe 0" in site.get(path).text
    file = site.get(f"{path}/leads.csv")
    assert file.headers["content-disposition"].startswith("attachment")
    assert (file.status_code, EMAIL in file.text, "f•••@cafe.test" in file.text) == (200, False, True)
    change(database.superuser_url, "update client_links set files = 20")
    assert site.get(f"{path}/leads.csv").status_code == 429
    site.cookies.clear()
    assert "Cafe 0" not in site.get(path).text


def test_hostile_links_open_nothing(site: Client, owner: Person, campaign: UUID) -> None:
    real = path_of(client_links.make_for_campaign(owner, campaign, CLIENT))
    hostile = (
        "x",
        "%00",
        "é",
        "x" * 5000,
        "..%2f..",
        "%27%20or%201=1--",
        "%3Cscript%3E",
        real[8:-1],
        real[8:].upper(),
    )
    for token in hostile:
        for answer in (site.get(f"/shared/{token}"), post(site, f"/shared/{token}", password=WORDS)):
            assert answer.status_code in (404, 431), token
            assert "Cafe 0" not in answer.text
            assert "<script" not in answer.text
    for path in ("/shared/", f"{real}/", f"{real}/leads.xlsx", f"{real}/leads.csv/x"):
        assert site.get(path).status_code == 404, path
    for after in ("x", "%00", "WyIxIiwgIngiXQ", "x" * 2000):
        assert site.get(f"{real}?after={after}").status_code == 200
