"""Our own connections for Stripe's library: bounded in time and size, through our proxy."""

from __future__ import annotations

from collections.abc import Mapping

import stripe

from pipeline.network.http import Timeouts
from pipeline.network.plain_http import NoAnswer, PlainHttp


class StripeHttp(stripe.HTTPClient):
    """Asks over them; safe to share between threads."""

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
        """Ask once. Raises APIConnectionError when no answer came."""
        content = post_data.encode() if isinstance(post_data, str) else post_data
        try:
            return self._http.exchange(method.upper(), url, headers or {}, content)
        except NoAnswer as error:
            # Under the same idempotency key, so that asking again does nothing twice.
            raise stripe.APIConnectionError(str(error), should_retry=True) from None  # type: ignore[no-untyped-call]

    def close(self) -> None:
        """Close all of them."""
        self._http.close()
