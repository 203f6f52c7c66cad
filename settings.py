"""Every environment variable of ProspectPro, once: name, type, default and one sentence of help. Those of a provider
stand in its declaration (``pipeline/providers``) and are read from there.

Values come from the environment, then ``.env``, then the file the embedded installation leaves in its data
folder (``installation.env``), so that a command typed in another terminal reaches the running installation.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Annotated
from urllib.parse import SplitResult, urlsplit

from pydantic import (
    AfterValidator,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    create_model,
    field_validator,
)

from billing_settings import Billing
from installation_settings import PROJECT_ROOT as PROJECT_ROOT
from installation_settings import InstallationSettings
from mail_settings import THIS_MACHINE
from mail_settings import MailServer as MailServer
from mail_settings import SmtpSecurity as SmtpSecurity
from pipeline.errors import BrokenPlugin
from pipeline.network.reach import servers
from pipeline.providers.declaration import Setting, Value
from pipeline.providers.registry import registry

INSTALLATION_FILE = "installation.env"
_SHORTEST_TOKEN = 16
_ANY_ADDRESS = ("0.0.0.0", "::")  # noqa: S104 - recognised, not listened on


class SettingsError(Exception):
    """A setting has a wrong value; the message names it and never shows a secret."""


class Settings(InstallationSettings, MailServer, Billing):
    """The settings of ProspectPro itself.

    An instance holds those of the providers, too, which :meth:`provider_values` gives by name.
    """

    webhook_gateway: str = Field(
        default="", pattern=r"^(https?://.+)?$", description="Server that gets every webhook instead."
    )
    crm_gateway: str = Field(
        default="",
        pattern=r"^(https?://.+)?$",
        description="Server that gets every request to a customer system instead.",
    )
    export_hosts: str = Field(
        default="",
        description="Servers in private networks that files may be sent to, as nas.lan:22 minio.lan:9000.",
    )
    metrics_token: SecretStr = Field(
        default=SecretStr(""),
        description="Bearer token by which Prometheus reads /metrics, 16 characters at least; empty closes it.",
    )
    oidc_issuer: str = Field(
        default="", description="Site people may sign in by (OpenID Connect); empty switches that off."
    )
    oidc_client_id: str = Field(
        default="", validate_default=True, description="What that site knows this installation by."
    )
    oidc_client_secret: SecretStr = Field(
        default=SecretStr(""), validate_default=True, description="Secret for OIDC_CLIENT_ID."
    )
    oidc_name: str = Field(
        default="single sign-on",
        min_length=1,
        max_length=40,
        description="What people call that site, as on the button “Continue with …”.",
    )
    oidc_sign_up: bool = Field(
        default=False, description="Make an account for whoever signs in there and has none here."
    )
    oidc_domains: str = Field(
        default="",
        description="Only these domains of addresses sign in by that site, parted by commas; empty takes all.",
    )

    map_tiles_url: SecretStr = Field(
        default=SecretStr(""),
        description="Address of map tiles with {z}, {x} and {y}, as https://tiles.example.com/{z}/{x}/{y}.png; empty"
        " draws maps without streets.",
    )
    map_attribution: str = Field(
        default="© OpenStreetMap contributors",
        min_length=1,
        max_length=200,
        description="Whom the map names as the source of its streets.",
    )
    map_max_zoom: int = Field(default=19, ge=1, le=22, description="Closest zoom the tile server has.")
    map_tiles_mb: int = Field(
        default=500, ge=10, le=100000, description="Room on disk for kept tiles, in MiB, below DATA_DIR."
    )

    @field_validator("export_hosts")
    @classmethod
    def _are_servers(cls, named: str) -> str:
        servers(named)
        return named

    @field_validator("metrics_token")
    @classmethod
    def _is_long_enough(cls, token: SecretStr) -> SecretStr:
        if 0 < len(token.get_secret_value()) < _SHORTEST_TOKEN:
            raise ValueError(f"has to have {_SHORTEST_TOKEN} characters at least, or none")
        return token

    @field_validator("map_tiles_url")
    @classmethod
    def _is_a_template(cls, address: SecretStr, info: ValidationInfo) -> SecretStr:
        template = address.get_secret_value()
        found = urlsplit(template)
        rest = f"{found.path}?{found.query}"
        is_one = found.scheme in ("http", "https") and found.hostname and "@" not in found.netloc
        if template and not (is_one and all(rest.count(part) == 1 for part in ("{z}", "{x}", "{y}"))):
            raise ValueError("has to be like https://tiles.example.com/{z}/{x}/{y}.png")
        if template and not info.data.get("operator_contact"):
            raise ValueError("needs OPERATOR_CONTACT, which the owners of tile servers want to know")
        return address

    @field_validator("oidc_issuer")
    @classmethod
    def _is_safe(cls, issuer: str) -> str:
        found = urlsplit(issuer)
        if issuer and not (found.hostname and (found.scheme == "https" or _is_here(found))):
            raise ValueError("has to begin with https://, or be on this machine")
        return issuer

    @field_validator("oidc_client_id", "oidc_client_secret")
    @classmethod
    def _goes_with_issuer(cls, value: str | SecretStr, info: ValidationInfo) -> str | SecretStr:
        text = value if isinstance(value, str) else value.get_secret_value()
        if info.data.get("oidc_issuer") and not text:
            raise ValueError("is needed with OIDC_ISSUER")
        return value

    def provider_values(self) -> Mapping[str, Value]:
        """The settings of all providers by name, secrets in the clear."""
        return {setting.name: _plain(getattr(self, setting.name.lower())) for setting in registry().settings}

    def address(self, port: int | None = None) -> str:
        """Where people reach the application, without a slash at the end; ``port`` is the one that was picked."""
        if self.public_url:
            return self.public_url.rstrip("/")
        host = f"[{self.web_host}]" if ":" in self.web_host else self.web_host
        shown = "localhost" if self.web_host in (*THIS_MACHINE, *_ANY_ADDRESS) else host
        return f"http://{shown}:{port or self.web_port}"


def _is_here(address: SplitResult) -> bool:
    return address.scheme == "http" and address.hostname in THIS_MACHINE


@lru_cache(maxsize=1)
def version() -> str:
    """The version of ProspectPro, which stands in ``pyproject.toml`` alone."""
    return str(tomllib.loads((PROJECT_ROOT / "pyproject.toml").read_text())["project"]["version"])


@lru_cache(maxsize=1)
def model() -> type[Settings]:
    """The settings of ProspectPro and of every provider. Raises BrokenPlugin."""
    fields = {setting.name.lower(): _field(setting) for setting in registry().settings}
    return create_model("AllSettings", __base__=Settings, **fields)  # type: ignore[call-overload,no-any-return]


def _field(setting: Setting) -> tuple[object, object]:
    """A provider's setting as a field: the type of its default, bounded, and never shown when it is secret."""
    if isinstance(setting.default, str):
        default = SecretStr(setting.default) if setting.is_secret else setting.default
        kind = Annotated[SecretStr, AfterValidator(_can_be_sent)] if setting.is_secret else str
        return kind, Field(default=default, description=setting.help)
    bounded = Field(default=setting.default, ge=setting.least, le=setting.most, description=setting.help)
    return type(setting.default), bounded


def _can_be_sent(secret: SecretStr) -> SecretStr:
    """No header can hold anything else, and what the library says of that holds the secret."""
    text = secret.get_secret_value()
    if not (text.isascii() and (text or "-").isprintable()):
        raise ValueError("has signs that no key has; copy it again")
    return secret


def _plain(value: object) -> Value:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    return value if isinstance(value, int | Decimal) else str(value)


def load(*, with_installation: bool = True) -> Settings:
    """Read the settings afresh; raises SettingsError with the names of wrong variables, or of a broken plugin.

    ``with_installation`` also reads the file of a running embedded installation.
    """
    own = PROJECT_ROOT / ".env"
    try:
        found = model()(_env_file=own)
        installation = found.data_dir / INSTALLATION_FILE
        if not with_installation or not installation.exists():
            return found
        return model()(_env_file=(installation, own))
    except BrokenPlugin as error:
        raise SettingsError(str(error)) from None
    except (OSError, UnicodeError) as error:
        file, reason = getattr(error, "filename", own), getattr(error, "strerror", "it is not UTF-8")
        raise SettingsError(f"Settings refused. {file} cannot be read: {reason}.") from None
    except ValidationError as error:
        wrong = (
            f"{'.'.join(map(str, e['loc'])).upper()}: {e['msg'].removeprefix('Value error, ')}"
            for e in error.errors()
        )
        raise SettingsError(f"Settings refused. {'; '.join(wrong)}") from None


@lru_cache(maxsize=1)
def get() -> Settings:
    """The settings of this process, read on first use."""
    return load()
