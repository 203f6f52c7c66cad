"""Which businesses are customers of the workspace by the lists it uploaded, asked in batches as they are found."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from pipeline.company_keys import Stand
from pipeline.discovery.familiar import Familiar, in_batches
from pipeline.lead import Business
from pipeline.listed_companies import keys_of_company


class Customers:
    """Tells customers from other businesses: by what a list names them by, and as companies of the book that are
    marked. No value is asked for twice."""

    def __init__(
        self,
        named: Callable[[Sequence[str]], frozenset[str]],
        stands: Callable[[Sequence[bytes]], Mapping[bytes, Stand]],
    ) -> None:
        """``named`` gives those of the values of ``keys_of_company`` that are on a list, ``stands`` where the customers
        of the book stand that keys of ``company_keys`` lead to."""
        self._named = named
        self._asked: set[str] = set()
        self._listed: set[str] = set()
        self._of_book = Familiar(stands)

    def among(self, businesses: Sequence[Business]) -> frozenset[str]:
        """The ``key`` of each of the businesses that is a customer."""
        values = {business.key: keys_of_company(business) for business in businesses}
        new = {value for keys in values.values() for value in keys} - self._asked
        self._asked |= new
        for batch in in_batches(sorted(new)):
            self._listed |= self._named(batch)
        listed = {key for key, keys in values.items() if keys & self._listed}
        rest = [business for business in businesses if business.key not in listed]
        return self._of_book.among(rest) | listed
