"""Keys for programs, as a person makes and ends them."""

from __future__ import annotations

from services import identity
from tests.pages.conftest import Open, calm, words

PAGE = "pages/api_keys.py"


def test_a_key_is_made_shown_once_and_revoked(open_page: Open, token: str) -> None:
    app = open_page(PAGE, token)
    assert "No keys yet" in words(app)
    calm(app.button[0].click().run())
    assert "Say what the key is for" in words(app)
    app.text_input(key="key_name").set_value("Nightly import")
    app.radio(key="key_scope").set_value("submit")
    app.number_input(key="key_limit").set_value(5)
    for _ in range(2):
        calm(app.button[0].click().run())
    (shown,) = app.code
    assert identity.of_key(shown.value) is not None
    assert "**Nightly import**" in words(app)
    assert "Submit · Ordered $0.00 of $5.00 · Good until" in words(app)
    again = open_page(PAGE, token)
    assert not again.code
    revoke = next(button for button in again.button if button.label == "Revoke")
    calm(revoke.click().run())
    assert "No keys yet" in words(again)
    assert identity.of_key(shown.value) is None
