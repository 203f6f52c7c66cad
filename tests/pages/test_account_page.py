"""My account, as a person uses it."""

from __future__ import annotations

from dataclasses import replace

import pyotp
from streamlit.testing.v1 import AppTest

from services import identity, own_account, second_factor
from services.identity import Person, Visitor
from tests.pages.conftest import PASSWORD, Open, calm, words
from tests.support.servers import Database, rows

PAGE = "pages/account.py"
NEW = "another long enough password"
PHONE = Visitor(
    ip="192.0.2.7",
    device="Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36",
)


def submit(app: AppTest, label: str, **typed: str) -> AppTest:
    for key, text in typed.items():
        app.text_input(key=key).set_value(text)
    (button,) = (each for each in app.button if each.label == label)
    return calm(button.click().run())


def test_the_password_is_changed_and_the_other_sessions_are_said_to_end(
    open_page: Open, token: str, person: Person
) -> None:
    phone = identity.sign_in(person.email, PASSWORD, PHONE).token
    app = open_page(PAGE, token)
    said = words(submit(app, "Change password", current_for_password="wrong", new_password=NEW))
    assert "This is not your current password." in said
    said = words(submit(app, "Change password", current_for_password=PASSWORD, new_password="short"))
    assert "Choose a password of at least 8 characters." in said
    said = words(submit(app, "Change password", current_for_password=PASSWORD, new_password=NEW))
    assert "Your password is changed. 1 other session ended." in said
    assert "Chrome on Android" not in said
    assert identity.who_is(phone) is None


def test_another_address_counts_at_once_where_no_mail_can_be_sent(open_page: Open, token: str) -> None:
    app = open_page(PAGE, token)
    assert "so the new address counts at once" in words(app)
    said = words(submit(app, "Change e-mail", new_email="chief@example.com", current_for_email=PASSWORD))
    assert "From now on you sign in with chief@example.com." in said


def test_sessions_are_told_apart_and_ended(open_page: Open, token: str, person: Person) -> None:
    phone = identity.sign_in(person.email, PASSWORD, PHONE).token
    tablet = identity.sign_in(person.email, PASSWORD, replace(PHONE, device="")).token
    app = open_page(PAGE, token)
    said = words(app)
    assert "Chrome on Android" in said
    assert "From 192.0.2.7" in said
    assert "This one" in said
    (on_phone,) = (each for each in own_account.sessions(person) if "Android" in each.device)
    calm(app.button(key=f"end-{on_phone.id}").click().run())
    assert identity.who_is(phone) is None
    assert "Chrome on Android" not in words(app)
    calm(app.button(key="end-others").click().run())
    assert identity.who_is(tablet) is None
    assert identity.who_is(token) == person
    assert not [each.key for each in app.button if each.key and each.key.startswith("end-")]


def test_a_second_factor_is_set_up_and_switched_off(
    open_page: Open, token: str, person: Person, database: Database
) -> None:
    def code(later: int) -> str:
        ((step,),) = rows(database.superuser_url, "select extract(epoch from now())::bigint / 30")
        return pyotp.TOTP(secret).generate_otp(int(str(step)) + later)

    app = open_page(PAGE, token)
    calm(app.button(key="factor-set-up").click().run())
    secret = app.code[0].value.replace(" ", "")
    said = words(submit(app, "Switch on", code_to_switch_on="000000", current_for_factor=PASSWORD))
    assert "This code is not the current one" in said
    said = words(submit(app, "Switch on", code_to_switch_on=code(-1), current_for_factor=PASSWORD))
    assert "Keep these 10 recovery codes" in said
    codes = app.code[0].value.splitlines()
    assert len(codes) == 10
    said = words(calm(app.button(key="codes-kept").click().run()))
    assert "10 of 10 recovery codes are left." in said
    assert not app.code
    submit(app, "Make new codes", code_for_new_codes=codes[0])
    assert not set(app.code[0].value.splitlines()) & set(codes)
    calm(app.button(key="codes-kept").click().run())
    off = {"code_to_switch_off": code(0), "current_to_switch_off": PASSWORD}
    submit(app, "Switch off the second factor", **off)
    assert app.button(key="factor-set-up")
    assert second_factor.ways(person).factor_since is None
