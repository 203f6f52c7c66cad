"""Every environment variable of ProspectPro, once: name, type, default and one sentence of help.

Values come from the environment, then ``.env``, then the file the embedded installation leaves in its data
folder (``installation.env``), so that a command typed in another terminal reaches the running installation.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT_ROOT = Path(__file__).resolve().parent
INSTALLATION_FILE = "installation.env"


class SettingsError(Exception):
    """A setting has a wrong value; the message names it and never shows a secret."""


class Settings(BaseSettings):
    """All settings. Frozen: a process reads them once."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=True)

    data_dir: Path = Field(
        default=PROJECT_ROOT / "var",
        description="Folder of this installation's embedded databases, logs and secrets.",
    )
    web_host: str = Field(default="127.0.0.1", description="Address the web server listens on.")
    web_port: int = Field(
        default=8501, ge=0, le=65535, description="Port of the web server; 0 picks a free one."
    )
    public_url: str = Field(
        default="", description="Address people use to reach the application, when a proxy stands in front."
    )
    worker_count: int = Field(
        default=2, ge=1, le=32, description="How many campaign workers `make run` starts."
    )
    database_url: SecretStr = Field(
        default=SecretStr(""),
        description="Postgres of the owner role; set it to use your own server instead of the embedded one.",
    )
    database_url_web: SecretStr = Field(
        default=SecretStr(""), description="Postgres as role pp_web; derived from DATABASE_URL when empty."
    )
    database_url_worker: SecretStr = Field(
        default=SecretStr(""), description="Postgres as role pp_worker; derived from DATABASE_URL when empty."
    )
    database_url_system: SecretStr = Field(
        default=SecretStr(""), description="Postgres as role pp_system; derived from DATABASE_URL when empty."
    )
    database_url_admin: SecretStr = Field(
        default=SecretStr(""), description="Postgres as role pp_admin; derived from DATABASE_URL when empty."
    )
    database_url_importer: SecretStr = Field(
        default=SecretStr(""),
        description="Postgres as role pp_importer; derived from DATABASE_URL when empty.",
    )
    redis_url: SecretStr = Field(
        default=SecretStr(""),
        description="Redis or Valkey; set it to use your own server instead of the embedded one.",
    )
    app_secret: SecretStr = Field(
        default=SecretStr(""),
        description="At least 32 random characters; the passwords of the database roles are derived from it.",
    )
    session_hours: int = Field(
        default=168, ge=1, le=8760, description="Hours until a person has to sign in again."
    )
    secure_cookie: bool = Field(
        default=False, description="Send the session cookie over HTTPS only; set it behind a TLS proxy."
    )


def load(*, with_installation: bool = True) -> Settings:
    """Read the settings afresh; raises SettingsError with the names of wrong variables.

    ``with_installation`` also reads the file of a running embedded installation.
    """
    own = PROJECT_ROOT / ".env"
    try:
        chosen = Settings(_env_file=own)
        if with_installation:
            return Settings(_env_file=(chosen.data_dir / INSTALLATION_FILE, own))
        return chosen
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in error.errors())
        raise SettingsError(f"Settings refused. {wrong}") from None


@lru_cache(maxsize=1)
def get() -> Settings:
    """The settings of this process, read on first use."""
    return load()
