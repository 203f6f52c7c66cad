"""What an installation writes down, and that every command in the same data folder finds it."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

import settings
from embedded.errors import CannotStart
from embedded.installation import this_installation
from embedded.layout import Layout


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    folder = tmp_path / "some folder #1; 50% of it"
    monkeypatch.setenv("DATA_DIR", str(folder))
    yield folder
    Layout(folder).remove_socket_folder()


def test_commands_in_the_same_folder_learn_how_to_connect(data_dir: Path) -> None:
    installation = this_installation()
    assert installation.is_new
    with installation.locked():
        installation.create()
    assert not installation.is_new
    assert installation.postgres
    assert installation.redis
    found = settings.load()
    assert found.database_url.get_secret_value() == installation.postgres.url()
    assert found.redis_url.get_secret_value() == installation.redis.url
    assert len(found.app_secret.get_secret_value()) == 64
    assert stat.S_IMODE((data_dir / settings.INSTALLATION_FILE).stat().st_mode) == 0o600


def test_secrets_stay_the_same_from_start_to_start(data_dir: Path) -> None:
    def started() -> settings.Settings:
        with this_installation().locked():
            this_installation().create()
        return settings.load()

    assert started() == started()


def test_an_own_server_is_not_written_down_and_an_own_secret_neither(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://owner@db.example.com/leads")
    monkeypatch.setenv("REDIS_URL", "redis://cache.example.com/0")
    monkeypatch.setenv("APP_SECRET", "0" * 64)
    installation = this_installation()
    assert (installation.postgres, installation.redis) == (None, None)
    with installation.locked():
        installation.create()
    assert (data_dir / settings.INSTALLATION_FILE).read_text() == ""


def test_a_folder_in_use_is_refused(data_dir: Path) -> None:
    with (
        this_installation().locked(),
        pytest.raises(CannotStart, match="already runs"),
        this_installation().locked(),
    ):
        pass


def test_a_folder_that_cannot_be_made_is_one_plain_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "file"))
    with pytest.raises(CannotStart, match="cannot be used"), this_installation().locked():
        pass
