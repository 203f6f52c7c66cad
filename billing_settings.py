"""The settings of plans that are sold by Stripe; without its key there are none."""

from __future__ import annotations

from typing import TypeVar

from pydantic import BaseModel, Field, SecretStr, ValidationInfo, field_validator

_Set = TypeVar("_Set")


class Billing(BaseModel):
    """The account at Stripe, and the prices of the plans there."""

    stripe_secret_key: SecretStr = Field(
        default=SecretStr(""),
        description="Secret or restricted key of an account at Stripe; with it plans are sold. Empty: nothing is.",
    )
    stripe_webhook_secret: SecretStr = Field(
        default=SecretStr(""),
        validate_default=True,
        description="Secret (whsec_…) by which Stripe signs what it tells /api/stripe/events.",
    )
    stripe_price_team: str = Field(
        default="",
        validate_default=True,
        description="Price (price_…) of the plan Team; after a comma those it was sold for before.",
    )
    stripe_price_business: str = Field(
        default="", validate_default=True, description="The same of the plan Business."
    )
    stripe_wallet: bool = Field(
        default=False,
        description="Have workspaces pay into a wallet before they spend on paid providers; needs STRIPE_SECRET_KEY.",
    )
    stripe_gateway: str = Field(
        default="",
        pattern=r"^(https?://.+)?$",
        description="Server that gets every request to Stripe instead.",
    )

    @property
    def sells_plans(self) -> bool:
        """Whether there is an account at Stripe; without it nothing says that there could be."""
        return bool(self.stripe_secret_key.get_secret_value())

    @property
    def is_test_of_stripe(self) -> bool:
        """Whether the key is one for testing, with which no money moves."""
        return self.stripe_secret_key.get_secret_value().startswith(("sk_test_", "rk_test_"))

    @property
    def keeps_wallets(self) -> bool:
        """Whether paid providers are paid from wallets."""
        return self.sells_plans and self.stripe_wallet

    @field_validator("stripe_secret_key", "stripe_webhook_secret")
    @classmethod
    def _is_of_stripe(cls, secret: SecretStr, info: ValidationInfo) -> SecretStr:
        text = secret.get_secret_value()
        begin = ("whsec_",) if info.field_name == "stripe_webhook_secret" else ("sk_", "rk_")
        if text and not (
            text.startswith(begin) and text.isascii() and text.isprintable() and " " not in text
        ):
            raise ValueError(f"has to begin with {' or '.join(begin)}; copy it again")
        return _goes_with_stripe(secret, text, info)

    @field_validator("stripe_price_team", "stripe_price_business")
    @classmethod
    def _are_prices(cls, prices: str, info: ValidationInfo) -> str:
        if prices and not all(each.strip().startswith("price_") for each in prices.split(",")):
            raise ValueError("has to be like price_1AbC, several parted by commas")
        return _goes_with_stripe(prices, prices, info)


def _goes_with_stripe(value: _Set, text: str, info: ValidationInfo) -> _Set:
    if info.data.get("stripe_secret_key", SecretStr("")).get_secret_value() and not text:
        raise ValueError("is needed with STRIPE_SECRET_KEY")
    return value
