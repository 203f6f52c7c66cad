"""The mail server: the part of the settings that administrators may also set in the interface."""

from __future__ import annotations

from email.errors import HeaderParseError
from email.headerregistry import Address
from email.utils import parseaddr
from enum import StrEnum

from pydantic import BaseModel, Field, SecretStr, ValidationInfo, field_validator

THIS_MACHINE = ("localhost", "127.0.0.1", "::1")


class SmtpSecurity(StrEnum):
    """How the connection to the mail server is encrypted."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


class MailServer(BaseModel):
    """Where mails are handed over, and whom they come from."""

    smtp_host: str = Field(
        default="",
        pattern=r"^[A-Za-z0-9.:-]*$",
        description="Mail server that tells people when a campaign has ended; empty switches mails off.",
    )
    smtp_port: int = Field(default=587, ge=1, le=65535, description="Port of the mail server.")
    smtp_security: SmtpSecurity = Field(
        default=SmtpSecurity.STARTTLS,
        description="Encryption of the connection to the mail server: starttls, tls or none.",
    )
    smtp_user: str = Field(
        default="", description="Name to sign in to the mail server with; empty does not sign in."
    )
    smtp_password: SecretStr = Field(
        default=SecretStr(""), validate_default=True, description="Password for SMTP_USER."
    )
    mail_from: str = Field(
        default="",
        validate_default=True,
        description="Sender of the mails, as mail@example.com or ProspectPro <mail@example.com>.",
    )

    @field_validator("smtp_password")
    @classmethod
    def _can_sign_in(cls, password: SecretStr, info: ValidationInfo) -> SecretStr:
        user, host = info.data.get("smtp_user"), info.data.get("smtp_host", "")
        if bool(user) != bool(password.get_secret_value()):
            raise ValueError("set SMTP_USER and SMTP_PASSWORD together, or neither")
        if user and info.data.get("smtp_security") is SmtpSecurity.NONE and host not in THIS_MACHINE:
            raise ValueError(
                "would travel readable for everybody; set SMTP_SECURITY to starttls or tls, or do not sign in"
            )
        return password

    @field_validator("mail_from")
    @classmethod
    def _is_an_address(cls, sender: str, info: ValidationInfo) -> str:
        if not sender and not info.data.get("smtp_host"):
            return sender
        try:
            address = Address(addr_spec=parseaddr(sender)[1])
        except (ValueError, IndexError, HeaderParseError):
            address = Address()
        if not (address.username and address.domain and sender.isprintable() and address.addr_spec.isascii()):
            raise ValueError("name the sender of the mails, such as ProspectPro <mail@example.com>")
        return sender
