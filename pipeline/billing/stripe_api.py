"""Stripe: the few things we ask of it, by its own library, and whether it was Stripe that told us something."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import stripe

from pipeline.billing.errors import BadEvent, BillingError, CustomerGone
from pipeline.billing.records import EventHead, Invoice, Price
from pipeline.billing.standing import Subscription
from pipeline.network.http import Timeouts
from pipeline.network.plain_http import NoAnswer, PlainHttp

TOLERANCE_S: Final = 300
"""How old the signature of an event may be; Stripe signs anew each time it tells."""
_MOST_INVOICES: Final = 24
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
        self._http = _Http(access.proxy)
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
        with _asked():
            found = self._client.v1.subscriptions.list(
                {"customer": customer, "status": "all", "limit": 100, "expand": ["data.latest_invoice"]}
            )
            return tuple(_subscription(each) for each in found.auto_paging_iter() if each["items"]["data"])

    def end_all(self, customer: str) -> int:
        """End what a customer still subscribes to, at once; returns how many there were."""
        with _asked():
            found = self._client.v1.subscriptions.list({"customer": customer, "status": "all", "limit": 100})
            running = [each.id for each in found.auto_paging_iter() if each.status in _RUNNING]
            for each in running:
                self._client.v1.subscriptions.cancel(each)
        return len(running)

    def invoices(self, customer: str) -> tuple[Invoice, ...]:
        """The newest bills of a customer, drafts aside."""
        with _asked():
            found = self._client.v1.invoices.list({"customer": customer, "limit": _MOST_INVOICES})
            return tuple(_invoice(each) for each in found.data if each.status != "draft")

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
                made_at=_moment(told.created),
                customer_id=_customer_of(about),
            )
        except (stripe.SignatureVerificationError, ValueError, KeyError, TypeError, AttributeError):
            raise BadEvent from None


class _Http(stripe.HTTPClient):
    """Stripe's library over our own connections."""

    name = "prospectpro"

    def __init__(self, proxy: str) -> None:
        super().__init__()
        self._http = PlainHttp(proxy=proxy, timeouts=Timeouts(read_s=15.0, total_s=20.0))

    def request(  # type: ignore[override]  # the library's own clients answer bytes, too
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        post_data: str | bytes | None = None,
        **_: object,
    ) -> tuple[bytes, int, Mapping[str, str]]:
        content = post_data.encode() if isinstance(post_data, str) else post_data
        try:
            return self._http.exchange(method.upper(), url, headers or {}, content)
        except NoAnswer as error:
            # Under the same idempotency key, so that asking again does nothing twice.
            raise stripe.APIConnectionError(str(error), should_retry=True) from None  # type: ignore[no-untyped-call]

    def close(self) -> None:
        self._http.close()


@contextmanager
def _asked() -> Iterator[None]:
    try:
        yield
    except stripe.InvalidRequestError as error:
        if error.code == "resource_missing" and error.param in ("customer", "id"):
            raise CustomerGone("Stripe does not know this customer any more.") from None
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


def _subscription(each: stripe.Subscription) -> Subscription:
    item = each["items"]["data"][0]
    bill = each.latest_invoice
    is_open = isinstance(bill, stripe.Invoice) and bill.status in ("open", "uncollectible")
    renews_at = _moment(item["current_period_end"])
    cancels = each.cancel_at or (item["current_period_end"] if each.cancel_at_period_end else None)
    return Subscription(
        id=each.id,
        item_id=item["id"],
        price=item["price"]["id"],
        status=each.status,
        renews_at=renews_at,
        cancels_at=_moment(cancels) if cancels else None,
        unpaid_since=_moment(bill.created) if is_open and isinstance(bill, stripe.Invoice) else None,
    )


def _invoice(each: stripe.Invoice) -> Invoice:
    return Invoice(
        number=each.number or each.id or "",
        status=each.status or "",
        made_at=_moment(each.created),
        total=each.total,
        currency=each.currency,
        url=each.hosted_invoice_url,
    )


def _customer_of(about: Mapping[str, Any]) -> str | None:
    """The customer something is about: it may be told by id or whole, or be the customer."""
    if about.get("object") == "customer":
        return str(about["id"])
    found = about.get("customer")
    if found is not None and not isinstance(found, str):
        found = found.get("id")
    return str(found)[:255] if found else None


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
