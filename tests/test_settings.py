"""Settings that fit together, and calm words for those that do not."""

from __future__ import annotations

import pytest

import settings
from pipeline.providers.registry import registry

MAIL = {"SMTP_HOST": "smtp.example.com", "MAIL_FROM": "ProspectPro <mail@example.com>"}
SIGNED_IN = {**MAIL, "SMTP_USER": "somebody", "SMTP_PASSWORD": "canary-password"}


def load(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]) -> settings.Settings:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return settings.load(with_installation=False)


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"SMTP_HOST": "smtp.example.com"}, "MAIL_FROM: name the sender of the mails"),
        ({**MAIL, "MAIL_FROM": "nobody"}, "MAIL_FROM: name the sender of the mails"),
        ({**MAIL, "MAIL_FROM": "a@example.com\nBcc: b@example.com"}, "MAIL_FROM: name the sender of the mails"),
        ({**MAIL, "MAIL_FROM": "ä@example.com"}, "MAIL_FROM: name the sender of the mails"),
        ({**MAIL, "SMTP_HOST": "https://smtp.example.com/"}, "SMTP_HOST"),
        ({**MAIL, "SMTP_PORT": "0"}, "SMTP_PORT"),
        ({**MAIL, "SMTP_SECURITY": "ssl"}, "SMTP_SECURITY: Input should be 'starttls', 'tls' or 'none'"),
        ({**MAIL, "SMTP_USER": "somebody"}, "SMTP_PASSWORD: set SMTP_USER and SMTP_PASSWORD together"),
        ({**MAIL, "SMTP_PASSWORD": "canary-password"}, "SMTP_PASSWORD: set SMTP_USER and SMTP_PASSWORD together"),
        ({**SIGNED_IN, "SMTP_SECURITY": "none"}, "SMTP_PASSWORD: would travel readable"),
    ],
)  # fmt: skip
def test_mail_settings_that_do_not_fit_are_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], said: str
) -> None:
    with pytest.raises(settings.SettingsError) as caught:
        load(monkeypatch, environment)
    assert said in str(caught.value)
    assert "canary-password" not in str(caught.value)


@pytest.mark.parametrize(
    "environment", [{}, MAIL, SIGNED_IN, {**SIGNED_IN, "SMTP_HOST": "127.0.0.1", "SMTP_SECURITY": "none"}]
)
def test_mail_settings_that_fit(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]) -> None:
    config = load(monkeypatch, environment)
    assert config.smtp_host == environment.get("SMTP_HOST", "")
    assert "canary-password" not in repr(config)


TILES = {"MAP_TILES_URL": "https://tiles.example.com/{z}/{x}/{y}.png?key=canary-password"}


@pytest.mark.parametrize(
    ("template", "contact"),
    [
        ("tiles.example.com/{z}/{x}/{y}", "us@example.com"),
        ("file:///etc/{z}/{x}/{y}", "us@example.com"),
        ("https://{z}.example.com/{x}/{y}", "us@example.com"),
        ("https://tiles.example.com/{z}/{x}.png", "us@example.com"),
        ("https://canary-password@tiles.example.com/{z}/{x}/{y}", "us@example.com"),
        ("https://[/{z}/{x}/{y}", "us@example.com"),
        (TILES["MAP_TILES_URL"], ""),
    ],
)
def test_an_address_of_tiles_that_cannot_be_is_refused_and_not_shown(
    monkeypatch: pytest.MonkeyPatch, template: str, contact: str
) -> None:
    with pytest.raises(settings.SettingsError, match="MAP_TILES_URL") as caught:
        load(monkeypatch, {"MAP_TILES_URL": template, "OPERATOR_CONTACT": contact})
    assert "canary-password" not in str(caught.value)


def test_an_address_of_tiles_may_hold_a_key_and_does_not_show_it(monkeypatch: pytest.MonkeyPatch) -> None:
    config = load(monkeypatch, {**TILES, "OPERATOR_CONTACT": "us@example.com"})
    assert config.map_tiles_url.get_secret_value() == TILES["MAP_TILES_URL"]
    assert "canary-password" not in repr(config)


@pytest.mark.parametrize(
    ("environment", "address"),
    [
        ({}, "http://localhost:8501"),
        ({"WEB_HOST": "0.0.0.0", "WEB_PORT": "9000"}, "http://localhost:9000"),
        ({"WEB_HOST": "192.0.2.7"}, "http://192.0.2.7:8501"),
        ({"WEB_HOST": "2001:db8::7"}, "http://[2001:db8::7]:8501"),
        ({"PUBLIC_URL": "https://prospectpro.example.com/"}, "https://prospectpro.example.com"),
    ],
)
def test_where_people_reach_the_application(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], address: str
) -> None:
    assert load(monkeypatch, environment).address() == address
    assert settings.Settings(web_host="127.0.0.1", public_url="").address(8502) == "http://localhost:8502"


@pytest.mark.parametrize("value", ["k\u00e9y", "k\ney", "k\u200bey"], ids=["letter", "line", "invisible"])
@pytest.mark.parametrize("name", [setting.name for setting in registry().settings if setting.is_secret])
def test_a_key_that_was_copied_wrong_is_refused_by_name_and_not_shown(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    """No request could carry it, and what libraries say of that holds the key."""
    with pytest.raises(settings.SettingsError) as refused:
        load(monkeypatch, {name: value})
    assert name in str(refused.value)
    assert value not in str(refused.value)
