"""Keys of providers and the mail server, set by administrators in the interface: never shown again, in force above the
settings within seconds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pydantic import ValidationError

from pipeline.providers.declaration import ProviderSpec
from pipeline.providers.registry import registry
from services import identity
from services.errors import Conflict, Invalid, NotFound
from services.identity import Person
from services.permissions import Right, require
from settings import MailServer
from settings import SmtpSecurity as SmtpSecurity
from store import in_force, installation_secrets
from store.database import Role, transaction
from store.in_force import MAIL as MAIL
from store.installation_secrets import KeptSecret as KeptSecret

LONGEST: Final = 500
_MAIL_LABEL = "Mail server"
_ODD = f"Type it as the provider shows it: up to {LONGEST} characters, without spaces."
_WRONG: Final[Mapping[str, str]] = {
    "smtp_host": "Type the name of the server, such as smtp.example.com.",
    "smtp_port": "Type a port from 1 to 65535.",
    "smtp_security": "Choose how the connection is encrypted.",
    "smtp_user": "Type a user name of ordinary characters.",
    "smtp_password": "Type user name and password, or neither; without encryption no password is sent.",
    "mail_from": "Name the sender, as mail@example.com or ProspectPro <mail@example.com>.",
}
_SECRET = "smtp_password"  # noqa: S105 - its name


def keep_keys(person: Person, provider: str, keys: Mapping[str, str]) -> None:
    """Use these values of the settings that are the provider's key, by name, from now on instead of what there was.

    Raises NotAllowed, NotFound, Invalid for the settings, and Conflict without APP_SECRET.
    """
    require(person, Right.SET_KEYS)
    spec = _provider(provider)
    values = {setting.name: keys.get(setting.name, "").strip() for setting in spec.keys}
    wrong = {name: _ODD for name, value in values.items() if not _is_a_key(value)}
    is_needed = {setting.name for setting in spec.keys if setting.name in spec.required} or set(values)
    wrong.update({name: "This is needed." for name in is_needed if not values[name]})
    if wrong:
        raise Invalid(wrong)
    _keep(person, spec.key, values, {}, spec.label)


def remove_keys(person: Person, provider: str) -> None:
    """Forget the provider's key; the one in the settings counts again, if there is one. Raises NotAllowed and
    NotFound."""
    require(person, Right.SET_KEYS)
    _remove(person, _provider(provider).key, _provider(provider).label)


def keep_mail_server(person: Person, server: Mapping[str, str]) -> None:
    """Send mails by this server, all of it by the names of the settings in small letters, instead of the one there was.

    Raises NotAllowed, Invalid for the fields, and Conflict without APP_SECRET.
    """
    require(person, Right.SET_KEYS)
    values = {name: server.get(name, "") for name in MailServer.model_fields}
    values = {name: value if name == _SECRET else value.strip() for name, value in values.items()}
    wrong = {
        name: _WRONG[name]
        for name, value in values.items()
        if len(value) > LONGEST or not (value or "-").isprintable()
    }
    if not values["smtp_host"]:
        wrong["smtp_host"] = _WRONG["smtp_host"]
    try:
        MailServer.model_validate(values)
    except ValidationError as error:
        # Without its input, which holds the password.
        found = error.errors(include_url=False, include_context=False, include_input=False)
        wrong.update({str(each["loc"][0]): _WRONG[str(each["loc"][0])] for each in found})
    if wrong:
        raise Invalid(wrong)
    about = {name: value for name, value in values.items() if name != _SECRET}
    _keep(person, MAIL, values, about, values["smtp_host"])


def remove_mail_server(person: Person) -> None:
    """Forget the mail server; the one in the settings counts again, if there is one. Raises NotAllowed and NotFound."""
    require(person, Right.SET_KEYS)
    _remove(person, MAIL, _MAIL_LABEL)


def listing(person: Person) -> Mapping[str, KeptSecret]:
    """What was set in the interface, without what is secret of it: by provider, and the mail server as ``MAIL``.
    Raises NotAllowed."""
    require(person, Right.SET_KEYS)
    with transaction(Role.ADMIN, proof=person.proof) as conn:
        return installation_secrets.listing(conn)


def _provider(key: str) -> ProviderSpec:
    spec = registry().providers.get(key)
    if spec is None or not spec.keys:
        raise NotFound("There is no such provider, or it takes no key.")
    return spec


def _is_a_key(value: str) -> bool:
    return len(value) <= LONGEST and value.isascii() and not any(char.isspace() for char in value)


def _keep(
    person: Person, subject: str, values: Mapping[str, str], about: Mapping[str, str], label: str
) -> None:
    if not identity.can_vouch():
        raise Conflict(identity.NO_SECRET)
    with transaction(Role.ADMIN, proof=person.proof) as conn:
        installation_secrets.keep(conn, subject, values, about, label)
    in_force.forget()


def _remove(person: Person, subject: str, label: str) -> None:
    with transaction(Role.ADMIN, proof=person.proof) as conn:
        if not installation_secrets.remove(conn, subject, label):
            raise NotFound("It is not set here. Somebody may have removed it already.")
    in_force.forget()
