"""Passwords that may be chosen, hashes the database can compare, and how much memory many sign-ins take."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from argon2 import PasswordHasher

import settings
from services import passwords
from services.errors import Invalid, TooMany
from services.passwords import HashingPlaces

EMAIL = "purchasing+crm@blue-harbour.example.com"


@pytest.fixture(autouse=True)
def made_anew() -> Iterator[None]:
    """Settings of one test are not those of the next."""
    _forget()
    yield
    _forget()


def _forget() -> None:
    settings.get.cache_clear()
    passwords._places.cache_clear()


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("", passwords.TOO_SHORT),
        ("vq7-Rmw", passwords.TOO_SHORT),
        # Eight code points, but four letters with their accents.
        ("a\u0301e\u0301o\u0301u\u0301", passwords.TOO_SHORT),
        ("x" * 129, passwords.TOO_LONG),
        ("x" * 1_000_000, passwords.TOO_LONG),
        # One character that is eighteen after folding.
        ("\ufdfa" * 8, passwords.TOO_LONG),
        ("with a \x00 inside", passwords.NOT_ORDINARY),
        ("half a pair \ud83d", passwords.NOT_ORDINARY),
        ("zzzzzzzzzz", passwords.PLAIN_ROW),
        ("ZzZzZzZzZz", passwords.PLAIN_ROW),
        ("bcdefghijk", passwords.PLAIN_ROW),
        ("87654321", passwords.PLAIN_ROW),
        ("абвгдежз", passwords.PLAIN_ROW),
        (EMAIL, passwords.OWN_NAME),
        (EMAIL.upper(), passwords.OWN_NAME),
        ("purchasing", passwords.OWN_NAME),
        ("Purchasing2026!", passwords.OWN_NAME),
        ("purchasing+crm", passwords.OWN_NAME),
        ("Blue Harbour", passwords.OWN_NAME),
        ("blue-harbour.example.com", passwords.OWN_NAME),
        ("ProspectPro", passwords.OWN_NAME),
        ("prospect-pro1", passwords.OWN_NAME),
        ("password", passwords.COMMON),
        ("Password2026!", passwords.COMMON),
        ("PASSWORD", passwords.COMMON),
        ("ｐａｓｓｗｏｒｄ", passwords.COMMON),
        ("liverpool1892", passwords.COMMON),
        ("1q2w3e4r5t6y", passwords.COMMON),
        ("mnbvcxzasdfghjkl", passwords.COMMON),
        ("15.09.1987", passwords.EASY),
        ("p4$$w0rdp4$$w0rd", passwords.EASY),
    ],
)
def test_what_is_guessed_first_is_refused_with_what_to_do(password: str, said: str) -> None:
    with pytest.raises(Invalid) as refused:
        passwords.check_new(password, EMAIL)
    assert refused.value.fields == {"password": said}
    assert said.startswith("Choose") or "Choose another one" in said


@pytest.mark.parametrize(
    "password",
    [
        "vq7-Rmwk",
        "wfxqzmhk",
        "several words in a row",
        "ünïcödé wörter",
        "дождь стучит по крыше",
        "🐙🦑🐚🌊🐠🦀🐳🐬",
        "the purchasing team drinks tea",
        "qlr" + "3" * 40 + "mfw",
        "kX9$" + "q7Lm2wZ8" * 15 + "end.",
    ],
)
def test_everything_else_is_taken_without_rules_about_characters(password: str) -> None:
    passwords.check_new(password, EMAIL)


@pytest.mark.parametrize("email", ["", "@", "no address", "a@b", "\ud800@example.com"])
def test_an_address_that_is_none_breaks_nothing(email: str) -> None:
    passwords.check_new("several words in a row", email)


def test_a_hash_is_compared_without_being_read() -> None:
    stored = passwords.hash_new("ﬁve gréen bottles")
    parameters = passwords.parameters_of(stored)
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert stored == f"{parameters}${stored.rpartition('$')[2]}"
    assert passwords.derive(parameters, "ﬁve gréen bottles") == stored
    # Composed differently, as another keyboard may send it.
    assert passwords.derive(parameters, "five gre\u0301en bottles") == stored
    assert passwords.parameters_of(passwords.hash_new("ﬁve gréen bottles")) != parameters
    for other in ("Five gréen bottles", "five green bottles", "", "x" * 1_000_000, "\ud83d"):
        derived = passwords.derive(parameters, other)
        assert (derived != stored, passwords.parameters_of(derived)) == (True, parameters)


def test_hashes_of_earlier_versions_still_match_and_the_other_way_round() -> None:
    hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
    earlier = hasher.hash("several words in a row")
    assert passwords.derive(passwords.parameters_of(earlier), "several words in a row") == earlier
    made = passwords.hash_new("several words in a row")
    assert hasher.verify(made, "several words in a row")
    assert not hasher.check_needs_rehash(made)


@pytest.mark.parametrize(
    "parameters",
    ["", "$argon2i$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ", "$argon2id$v=19$m=19456,t=2,p=1", "$2b$12$abc"],
)
def test_parameters_of_something_else_are_refused(parameters: str) -> None:
    with pytest.raises(ValueError, match="not the parameters"):
        passwords.derive(parameters, "several words in a row")


@pytest.mark.parametrize("password", ["", "x" * 1_000_000, "\ud83d"])
def test_what_equals_nothing_is_never_stored(password: str) -> None:
    with pytest.raises(ValueError, match="not checked"):
        passwords.hash_new(password)


def test_sixty_sign_ins_at_once_compute_as_many_hashes_as_there_are_places() -> None:
    places, at_once, lock = HashingPlaces(at_once=3, waiting=57, wait_s=120), 3, threading.Lock()
    full, inside, most = threading.Barrier(at_once), 0, 0

    def sign_in(number: int) -> None:
        nonlocal inside, most
        with places.place():
            with lock:
                inside += 1
                most = max(most, inside)
            # Nobody goes on before all places are taken, so that a fourth would be seen.
            full.wait(timeout=120)
            with lock:
                inside -= 1

    with ThreadPoolExecutor(60) as threads:
        list(threads.map(sign_in, range(60)))
    assert (most, inside) == (at_once, 0)


def test_more_than_may_wait_are_asked_to_try_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HASHES_AT_ONCE", "1")
    monkeypatch.setenv("HASHES_WAITING", "0")
    parameters = passwords.new_parameters()
    with passwords.places().place():
        with pytest.raises(TooMany, match="try again"):
            passwords.derive(parameters, "several words in a row")
        with pytest.raises(TooMany, match="try again"):
            passwords.hash_new("several words in a row")
    assert passwords.parameters_of(passwords.derive(parameters, "several words in a row")) == parameters


def test_nobody_waits_for_ever_and_whoever_gives_up_leaves_no_trace() -> None:
    places = HashingPlaces(at_once=1, waiting=1, wait_s=0.01)
    for _ in range(3):
        with places.place(), pytest.raises(TooMany, match="busy"), places.place():
            pytest.fail("a second one came in")


def test_a_computation_that_fails_gives_its_place_back() -> None:
    places = HashingPlaces(at_once=1, waiting=0, wait_s=0.01)
    with pytest.raises(ZeroDivisionError), places.place():
        raise ZeroDivisionError
    with places.place():
        pass


def test_threads_that_ask_first_at_the_same_moment_share_the_places() -> None:
    together = threading.Barrier(16)

    def ask(_: int) -> HashingPlaces:
        together.wait(timeout=60)
        return passwords.places()

    with ThreadPoolExecutor(16) as threads:
        assert len({id(found) for found in threads.map(ask, range(16))}) == 1
