"""Stripe: the few things we ask of it, by its own library, and whether it was Stripe that told us something."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import stripe

from pipeline.billing.errors import BadEvent, BillingError, CustomerGone
from pipeline.billing.records import EventHead, Invoice, Payment, Price
from pipeline.billing.standing import Subscription
from pipeline.billing.stripe_http import StripeHttp
from pipeline.billing.stripe_reading import invoice, moment, subscription
from pipeline.billing.wallet import PURPOSE, is_ours, payment

TOLERANCE_S: Final = 300
"""How old the signature of an event may be; Stripe signs anew each time it tells."""
_MOST_INVOICES: Final = 24
_GONE: Final = "Stripe does not know this customer any more."
_RUNNING: Final = frozenset({"active", "trialing", "past_due", "unpaid", "paused", "incomplete"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """The keys of an account at Stripe; ``gateway``: a server to ask instead; ``proxy``: the way out, or empty."""

    key: str
    webhook_secret: str
    gateway: str = ""
    proxy: str = ""


class StripeApi:
    """Every method but ``event`` asks Stripe, and raises BillingError, of which CustomerGone is a kind."""

    def __init__(self, access: Access) -> None:
        self._secret = access.webhook_secret
        self._http = StripeHttp(access.proxy)
        addresses: Any = {"api": access.gateway} if access.gateway else {}
        self._client = stripe.StripeClient(
            access.key, http_client=self._http, base_addresses=addresses, max_network_retries=1
        )

    def close(self) -> None:
        """Close all connections."""
        self._http.close()

    def new_customer(self, email: str, name: str, workspace: str, idem_key: str) -> str:
        """Make a customer of a workspace, once for ``idem_key``; its id."""
        with _asked():
            made = self._client.v1.customers.create(
                {"email": email, "name": name, "metadata": {"workspace": workspace}},
                {"idempotency_key": idem_key},
            )
        return made.id

    def checkout(self, customer: str, price: str, workspace: str, back: str) -> str:
        """Where a customer subscribes; they come ``back`` there either way."""
        with _asked():
            session = self._client.v1.checkout.sessions.create(
                {
                    "mode": "subscription",
                    "customer": customer,
                    "client_reference_id": workspace,
                    "line_items": [{"price": price, "quantity": 1}],
                    "subscription_data": {"metadata": {"workspace": workspace}},
                    "success_url": f"{back}?came=paid",
                    "cancel_url": back,
                }
            )
        return session.url or ""

    def top_up(self, customer: str, cents: int, workspace: str, back: str) -> str:
        """Where a customer pays so many cents of a dollar into the wallet of their workspace."""
        with _asked():
            session = self._client.v1.checkout.sessions.create(
                {
                    "mode": "payment",
                    "customer": customer,
                    "client_reference_id": workspace,
                    "line_items": [
                        {
                            "quantity": 1,
                            "price_data": {
                                "currency": "usd",
                                "unit_amount": cents,
                                "product_data": {"name": "Wallet"},
                            },
                        }
                    ],
                    "payment_intent_data": {"metadata": {"purpose": PURPOSE, "workspace": workspace}},
                    "invoice_creation": {"enabled": True},
                    "success_url": f"{back}?came=paid",
                    "cancel_url": back,
                }
            )
        return session.url or ""

    def payments(self, customer: str) -> tuple[Payment, ...]:
        """What a customer paid into a wallet, and what became of it."""
        with _asked():
            found = self._client.v1.charges.list({"customer": customer, "limit": 100})
            ours = [
                each
                for each in found.auto_paging_iter()
                if each.status == "succeeded"
                and each.captured
                and is_ours(each.metadata.to_dict(), each.currency)
            ]
            return tuple(
                payment(
                    each.id,
                    each.amount_captured,
                    each.amount_refunded,
                    self._disputes(each),
                    is_test=not each.livemode,
                )
                for each in ours
            )

    def _disputes(self, charge: stripe.Charge) -> list[tuple[str, int]]:
        if not charge.disputed:
            return []
        found = self._client.v1.disputes.list({"charge": charge.id, "limit": 100})
        return [(each.status, each.amount) for each in found.data]

    def portal(self, customer: str, back: str) -> str:
        """Where a customer sees to cards, addresses, bills and the end of it all."""
        with _asked():
            session = self._client.v1.billing_portal.sessions.create(
                {"customer": customer, "return_url": f"{back}?came=portal"}
            )
        return session.url

    def change(self, customer: str, subscription: str, item: str, price: str, back: str) -> str:
        """Where a customer confirms another price, having seen what Stripe counts for the rest of the time."""
        with _asked():
            session = self._client.v1.billing_portal.sessions.create(
                {
                    "customer": customer,
                    "return_url": f"{back}?came=portal",
                    "flow_data": {
                        "type": "subscription_update_confirm",
                        "subscription_update_confirm": {
                            "subscription": subscription,
                            "items": [{"id": item, "price": price, "quantity": 1}],
                        },
                    },
                }
            )
        return session.url

    def subscriptions(self, customer: str) -> tuple[Subscription, ...]:
        """All a customer has or had."""
        with _asked(missing="id"):
            if getattr(self._client.v1.customers.retrieve(customer), "deleted", False):
                raise CustomerGone(_GONE)
        with _asked():
            found = self._client.v1.subscriptions.list(
                {"customer": customer, "status": "all", "limit": 100, "expand": ["data.latest_invoice"]}
            )
            return tuple(subscription(each) for each in found.auto_paging_iter() if each["items"]["data"])

    def end_all(self, customer: str, prices: Collection[str]) -> int:
        """End what a customer still subscribes to of these prices, at once; returns how many there were."""
        running = [
            each.id
            for each in self.subscriptions(customer)
            if each.price in prices and each.status in _RUNNING
        ]
        with _asked():
            for each in running:
                self._client.v1.subscriptions.cancel(each)
        return len(running)

    def invoices(self, customer: str) -> tuple[Invoice, ...]:
        """The newest bills of a customer, drafts aside."""
        with _asked():
            found = self._client.v1.invoices.list({"customer": customer, "limit": _MOST_INVOICES})
            return tuple(invoice(each) for each in found.data if each.status != "draft")

    def price(self, price: str) -> Price:
        """What a price is."""
        with _asked():
            found = self._client.v1.prices.retrieve(price)
        every = found.recurring.interval if found.recurring else ""
        return Price(amount=found.unit_amount, currency=found.currency, every=every)

    def event(self, body: bytes, signature: str) -> EventHead:
        """What Stripe told, which its signature over these very bytes proves. Raises BadEvent."""
        try:
            told = stripe.Webhook.construct_event(body, signature, self._secret, TOLERANCE_S)
            about: Mapping[str, Any] = told.data.object.to_dict()
            return EventHead(
                id=told.id,
                kind=told.type[:100],
                made_at=moment(told.created),
                customer_id=_customer_of(about),
                charge_id=_id_of(about.get("charge")),
            )
        except (stripe.SignatureVerificationError, ValueError, KeyError, TypeError, AttributeError):
            raise BadEvent from None


@contextmanager
def _asked(missing: str = "customer") -> Iterator[None]:
    """Around a question. ``missing``: the parameter Stripe blames when it does not know the customer."""
    try:
        yield
    except stripe.InvalidRequestError as error:
        if error.code == "resource_missing" and error.param == missing:
            raise CustomerGone(_GONE) from None
        raise BillingError(f"Stripe refused the request ({error.code or error.http_status}).") from None
    except (stripe.AuthenticationError, stripe.PermissionError):
        raise BillingError("Stripe refused the key. Set STRIPE_SECRET_KEY anew.") from None
    except stripe.RateLimitError:
        raise BillingError("Stripe asks to be left alone for a while.") from None
    except stripe.APIConnectionError:
        raise BillingError("Stripe does not answer.") from None
    except stripe.StripeError as error:
        raise BillingError(f"Stripe failed ({error.http_status}).") from None
    except (KeyError, AttributeError, TypeError, IndexError):
        raise BillingError("Stripe answered something that is not documented.") from None


def _customer_of(about: Mapping[str, Any]) -> str | None:
    """The customer something is about, which may be the customer."""
    return _id_of(about if about.get("object") == "customer" else about.get("customer"))


def _id_of(found: str | Mapping[str, Any] | None) -> str | None:
    """What is told by its id, or whole."""
    told = found.get("id") if isinstance(found, Mapping) else found
    return str(told)[:255] if told else None
