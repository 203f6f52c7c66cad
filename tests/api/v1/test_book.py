"""The book, files, lists, people and keys, as programs work with them."""

from __future__ import annotations

from httpx import Client

from api.v1.problems import Problem
from services import api_keys, book_files
from services.api_keys import Scope
from services.identity import Person
from services.roles import MemberRole
from tests.api.v1.conftest import Programs
from tests.api.v1.test_door import told
from tests.support.book_files import made
from tests.support.campaigns import finished, lead
from tests.support.people import joins, person
from tests.support.servers import Database


def test_companies_are_found_corrected_and_worked_on(api: Client, reader: Client, owner: Person) -> None:
    finished(owner, [lead(number) for number in range(1, 6)])
    first = reader.get("/companies?limit=2&sort=name")
    rest = reader.get(first.links["next"]["url"].removeprefix("/api/v1")).json()
    names = [each["lead"]["name"] for part in (first.json(), rest) for each in part["items"]]
    assert (names, rest["matching"]) == ([f"Cafe 00{n}" for n in range(1, 5)], 5)
    told(reader.get("/companies?cursor=WyJhIiwgImIiXQ"), Problem.INVALID)
    company = first.json()["items"][0]
    path = f"/companies/{company['id']}"
    assert reader.get(path).json() == company
    told(reader.patch(path, json={"status": "won"}), Problem.NOT_ALLOWED)
    work = {"status": "won", "owner_id": str(owner.id), "follow_up_on": "2026-12-01", "add_tags": ["north"]}
    changed = api.patch(path, json=work).json()
    assert (changed["status"], changed["owner"], changed["tags"]) == ("won", owner.email, ["north"])
    kept = api.patch(path, json={"follow_up_on": None}).json()
    assert (kept["follow_up_on"], kept["owner"]) == (None, owner.email)
    assert api.patch(f"{path}/values", json={"phone": "+358 40 1234567"}).json() == {"changed": ["phone"]}
    told(api.patch(f"{path}/values", json={"phone": "no number"}), Problem.INVALID)
    text = f"Asked for a call, @{owner.email.upper()}."
    assert api.post(f"{path}/notes", json={"text": text}).status_code == 204
    (note,) = (each for each in reader.get(f"{path}/notes").json()["items"] if each["kind"] == "note")
    assert note["detail"] == {"text": f"Asked for a call, @{owner.email}."}
    acts = reader.get(f"/activity?kind=notes&by_id={owner.id}&since=2026-01-01T00:00:00Z").json()
    assert [(act["by"], act["about"], act["detail"]) for act in acts["items"]] == [
        (owner.email, company["id"], note["detail"])
    ]
    for wrong in ("cursor=WyJhIl0", "kind=made-up", "since=2026-01-01T00:00:00"):
        told(reader.get(f"/activity?{wrong}"), Problem.INVALID)
    seen = reader.get(path).json()
    assert seen["lead"]["phone"] == "+358401234567"
    told(api.patch(f"/companies/{owner.id}", json={"status": "won"}), Problem.NOT_FOUND)


def test_many_companies_are_worked_on_at_once_and_none_by_mistake(api: Client, owner: Person) -> None:
    finished(
        owner, [lead(number, email="info@cafe.example.com" if number < 3 else None) for number in range(1, 6)]
    )
    asked = {"filter": {"has_email": True}, "add_tags": ["mailing"]}
    assert api.post("/company-changes", json=asked).json() == {"changed": 2}
    assert api.post("/company-changes", json=asked).json() == {"changed": 0}
    for wrong in ({"filter": {"has_emial": True}}, {}, {"filter": {"has_email": "yes"}}):
        told(api.post("/company-changes", json={**wrong, "add_tags": ["all"]}), Problem.INVALID)
    assert api.get("/companies?tag=mailing").json()["matching"] == 2
    assert api.get("/companies?tag=all").json()["matching"] == 0
    lines = api.get("/companies?tag=mailing", headers={"Accept": "application/x-ndjson"}).text.splitlines()
    assert len(lines) == 2


def test_a_file_of_the_book_is_asked_for_once_and_fetched(api: Client, owner: Person) -> None:
    ready = made(owner)
    listed = api.get("/exports").json()["items"]
    assert [each["id"] for each in listed] == [str(ready)]
    whole = b"".join(book_files.download(owner, ready).parts)
    answer = api.get(f"/exports/{ready}/file")
    assert (answer.content, answer.headers["content-length"]) == (whole, str(len(whole)))
    key = {"Idempotency-Key": "one-file"}
    asked = api.post("/exports", json={"format": "csv", "columns": ["Name"]}, headers=key)
    assert asked.json()["state"] == "waiting"
    assert (
        api.post("/exports", json={"format": "csv", "columns": ["Name"]}, headers=key).json() == asked.json()
    )
    told(api.post("/exports", json={"format": "csv"}), Problem.CONFLICT)
    told(api.post("/exports", json={"filter": {"has_emial": True}}), Problem.INVALID)
    assert api.get(f"/exports/{asked.json()['id']}").json()["state"] == "waiting"
    told(api.get(f"/exports/{asked.json()['id']}/file"), Problem.CONFLICT)
    assert api.delete(f"/exports/{asked.json()['id']}").status_code == 204
    told(api.get(f"/exports/{owner.id}/file"), Problem.NOT_FOUND)


def test_a_list_is_offered_read_and_let_go(api: Client, reader: Client, owner: Person) -> None:
    given = {"name": "Customers", "kind": "customers", "csv": "Firma,Stadt\nCafe 001,Helsinki\n"}
    told(reader.post("/lists", json=given), Problem.NOT_ALLOWED)
    named = {**given, "columns": {"name": "firma", "city": "stadt"}}
    offered = api.post("/lists", json=named).json()
    assert (offered["state"], offered["name"]) == ("checking", "Customers")
    wrong = told(api.post("/lists", json={**given, "columns": {"name": "Nothing"}}), Problem.INVALID)
    assert "It has Firma, Stadt." in str(wrong["detail"])
    assert [each["id"] for each in reader.get("/lists").json()["items"]] == [offered["id"]]
    told(api.post(f"/lists/{offered['id']}/keep"), Problem.CONFLICT)
    assert api.delete(f"/lists/{offered['id']}").status_code == 204
    told(api.get(f"/lists/{offered['id']}"), Problem.NOT_FOUND)


def test_people_are_listed_invited_and_removed_by_who_may(
    api: Client, programs: Programs, owner: Person, database: Database
) -> None:
    admin = programs(api_keys.create(owner, "Admin", Scope.ADMIN, 1))
    other = joins(database, person("other"), owner, MemberRole.MEMBER)
    people = admin.get("/team").json()["items"]
    assert [(each["email"], each["role"], each["is_you"]) for each in people] == [
        (owner.email, "owner", True),
        (other.email, "member", False),
    ]
    told(api.patch(f"/team/{other.id}", json={"role": "viewer"}), Problem.NOT_ALLOWED)
    assert admin.patch(f"/team/{other.id}", json={"role": "viewer"}).status_code == 204
    told(admin.patch(f"/team/{other.id}", json={"role": "owner"}), Problem.INVALID)
    invited = admin.post("/invitations", json={"email": "new@example.com"}).json()
    assert "/invitation?key=" in invited["link"]
    (open_one,) = admin.get("/invitations").json()["items"]
    assert admin.delete(f"/invitations/{open_one['id']}").status_code == 204
    assert admin.delete(f"/team/{other.id}").status_code == 204
    told(admin.delete(f"/team/{other.id}"), Problem.NOT_FOUND)
    told(admin.delete(f"/team/{owner.id}"), Problem.CONFLICT)


def test_keys_are_listed_and_revoked_and_make_no_others(api: Client, reader: Client, owner: Person) -> None:
    listed = {each["name"]: each for each in api.get("/keys").json()["items"]}
    assert {name: each["scope"] for name, each in listed.items()} == {
        "A program": "submit",
        "A dashboard": "read",
    }
    told(api.post("/keys", json={}), Problem.WRONG_METHOD)
    assert api.delete(f"/keys/{listed['A dashboard']['id']}").status_code == 204
    told(reader.get("/me"), Problem.INVALID_KEY)
    assert api.delete(f"/keys/{listed['A program']['id']}").status_code == 204
    told(api.get("/me"), Problem.INVALID_KEY)
