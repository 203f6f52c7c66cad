"""`manage.py plan`: what an order would find, cost and take, and nothing started."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

import settings
from pipeline.campaign import CampaignSpec
from services import campaigns, catalogue, limits, planning
from services.identity import Person
from tests.support.campaigns import finished, lead
from tests.support.people import person
from tests.support.servers import Database
from tests.support.terminal import manage

FIELDS = [
    "types", "place", "matching", "leads_low", "leads_high", "in_book", "customers", "calls", "cost_low_usd",
    "cost_high_usd", "included_usd", "left_usd", "duration_low_s", "duration_high_s", "message", "warnings",
    "refusals",
]  # fmt: skip


@pytest.fixture
def owner(database: Database, redis_url: str) -> Person:
    catalogue.ensure_first_fill()
    return person("owner")


@pytest.fixture
def rich(owner: Person, monkeypatch: pytest.MonkeyPatch) -> Person:
    """The owner of an installation with a key for every provider, none of which is asked."""
    for name in ("GOOGLE_PLACES_API_KEY", "HUNTER_IO_API_KEY", "NEVERBOUNCE_API_KEY"):
        monkeypatch.setenv(name, "a-key")
    settings.get.cache_clear()
    return owner


def planned(*words: str, code: int = 0) -> dict[str, Any]:
    done = manage("plan", *words, "--json")
    assert done.returncode == code, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    assert list(answer) == FIELDS
    return answer


def test_it_says_what_the_card_says_and_starts_nothing(rich: Person) -> None:
    answer = planned("coffee shop", "Helsinki", "--budget", "5", "--waterfall", "hunter,neverbounce")
    (meant,) = answer["types"]
    assert (meant["typed"], meant["label"]) == ("coffee shop", "Café, Coffee retailer")
    assert meant["tags"][0] == "amenity=cafe"
    assert answer["place"] == {
        "label": "Helsinki",
        "country": "FI",
        "candidates": [{"label": "Helsinki", "country": "FI", "businesses": 1248}],
    }
    assert answer["matching"] == 85
    spec = CampaignSpec(
        business_types=("coffee shop",),
        location="Helsinki",
        budget_usd=Decimal(5),
        waterfall=("hunter", "neverbounce"),
    )
    expected = planning.estimate(rich, spec)
    assert Decimal(answer["cost_high_usd"]) * 1_000_000 == expected.cost_high_micros > 0
    assert answer["duration_high_s"] == expected.duration_high_s >= answer["duration_low_s"] >= 1
    assert {call["provider"] for call in answer["calls"]} == {"hunter", "neverbounce"}
    assert all(
        set(call) == {"provider", "low", "high", "cost_low_usd", "cost_high_usd"} for call in answer["calls"]
    )
    assert campaigns.list_mine(rich).total == 0


def test_it_says_how_each_word_was_understood(owner: Person) -> None:
    hairdresser, pizza, dentist, names = planned(
        "Friseure, pizzerias in Helsinki, best dentists", "Helsinki", "--by-name", "löyly"
    )["types"]
    assert (hairdresser["label"], hairdresser["how"], hairdresser["tags"]) == (
        "Hairdresser",
        "form",
        ["shop=hairdresser"],
    )
    assert hairdresser["known"] > 30
    assert pizza["any_of"][0] == ["amenity=restaurant", "cuisine=pizza"]
    assert (pizza["place"], pizza["known"]) == ("Helsinki", 12)
    assert (dentist["how"], dentist["left_out"]) == ("category", ["best"])
    assert (names["how"], names["tags"], names["words"]) == ("by_name", [], ["loyly"])


def test_in_words_it_names_figures_and_warnings(rich: Person) -> None:
    done = manage("plan", "cafe", "Nowhere at all", "--budget", "2", "--sources", "google_places")
    assert done.returncode == 0, done.stderr
    assert "Expected cost: up to $" in done.stdout
    assert "is looked up when the campaign starts" in done.stdout
    assert "No place called" not in done.stdout


def test_an_unknown_place_is_null_and_cannot_be_started(owner: Person) -> None:
    answer = planned("cafe", "Nowhere at all", "--sources", "open_data", code=1)
    assert (answer["place"], answer["matching"], answer["cost_high_usd"]) == (None, 0, "0")
    assert "No place called" in answer["warnings"][0]


def test_a_misspelt_place_names_what_comes_near(owner: Person) -> None:
    answer = planned("cafe", "Helsnki", "--sources", "open_data", code=1)
    near = {"label": "Helsinki", "country": "FI", "businesses": 1248}
    assert answer["place"] == {"label": None, "country": None, "candidates": [near]}
    assert "Did you mean Helsinki (1,248 businesses)?" in answer["warnings"][0]


def test_it_says_what_the_book_holds(owner: Person) -> None:
    words = ("coffee shop", "Helsinki", "--known", "skip", "--max", "5")
    assert planned(*words)["in_book"] is None
    finished(owner, [lead(1)])
    nothing = {"look_ups_low": 0, "look_ups_high": 0, "cost_low_usd": "0", "cost_high_usd": "0"}
    book = planned(*words)["in_book"]
    assert book == {"known": 0, "of": book["of"], "is_whole": True, "saved": nothing}
    assert f"In your book already: none of {book['of']}." in manage("plan", *words).stdout


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("cafe", "Helsinki", "--max", "0"), "between 1 and 1,000"),
        (("cafe", "91,181"), "latitude"),
        (("cafe", "Helsinki", "--known", "maybe"), "include, skip or refresh"),
        (("cafe", "Helsinki", "--customers", "maybe"), "skip or include"),
        (("resturant", "Helsinki"), "Did you mean Restaurant"),
        (("zorblax", "Helsinki"), "no type of business"),
        (("cafes in Kluuvi", "Helsinki"), "names Kluuvi"),
        (("cafe", "Helsinki", "--sources", "somewhere"), "is not known here"),
        (("cafe", "Helsinki", "--sources", "google_places", "--budget", "5"), "GOOGLE_PLACES_API_KEY"),
        (("cafe", "Helsinki", "--user", "nobody@example.com"), "Nobody has an account"),
    ],
)
def test_what_could_not_be_started_ends_with_1_and_says_why_in_both_ways(
    owner: Person, words: tuple[str, ...], says: str
) -> None:
    done = manage("plan", *words, "--json")
    assert done.returncode == 1
    assert says in done.stderr
    answer = json.loads(done.stdout)
    assert list(answer) == FIELDS
    assert any(says in warning for warning in answer["warnings"])
    assert "Traceback" not in done.stderr


def test_help_names_the_defaults_the_order_has() -> None:
    said = " ".join(manage("plan", "--help").stdout.replace("│", " ").split())
    fields = CampaignSpec.model_fields
    assert f"{fields['max_results'].default} unless given" in said
    assert f"{fields['min_confidence'].default} unless given" in said
    assert fields["budget_usd"].default == 0


def test_it_says_what_the_money_limits_leave_and_refuses_what_passes_them(rich: Person) -> None:
    words = ("coffee shop", "Helsinki", "--waterfall", "hunter")
    assert planned(*words)["left_usd"] == {"day": None, "month": None}
    limits.set_limit(rich, limits.Period.DAY, Decimal(2))
    limits.set_limit(rich, limits.Period.MONTH, Decimal(9))
    answer = planned(*words, "--budget", "3", code=1)
    assert answer["left_usd"] == {"day": "2", "month": "9"}
    assert "The workspace's limit for today leaves $2.00" in answer["warnings"][-1]
    done = manage("plan", *words, "--budget", "2")
    assert "Left to spend: $2.00 today, $9.00 this month" in done.stdout
    done = manage("campaign", *words, "--budget", "3")
    assert done.returncode == 1
    assert "Left to spend: $2.00 today, $9.00 this month" in done.stderr
    assert "The workspace's limit for today leaves $2.00" in done.stderr
    assert campaigns.list_mine(rich).total == 0


def test_criteria_are_words_of_the_command() -> None:
    from commands._order import asked

    words: dict[str, object] = {
        **dict.fromkeys(("business_types", "location", "by_name", "known", "only"), ""),
        "budget": None,
    }
    words |= dict.fromkeys(("max_results", "min_confidence", "min_reach", "independents_only", "radius_km"))
    words |= {"must_have": ["sells to bars, cafés"], "nice_to_have": None, "must_not": ["hiring", "delivers"]}
    told = asked(words)
    assert [told[name] for name in ("must_have", "nice_to_have", "must_not")] == [
        ["sells to bars, cafés"],
        None,
        ["hiring", "delivers"],
    ]


def test_conditions_are_words_of_the_command(rich: Person) -> None:
    told = planned("cafe", "Helsinki", "--sources", "open_data", "--only", "Chains, with-hours")
    assert "belong to a chain and have opening hours on record" in told["message"]
    done = manage("plan", "cafe", "Helsinki", "--only", "chains,big")
    assert done.returncode == 1
    assert "“big” is no condition. There are independents, chains, with-website" in done.stderr
    done = manage("plan", "cafe", "Helsinki", "--only", "with-website,without-website")
    assert "No business has a website and none. Choose one of the two." in done.stderr
