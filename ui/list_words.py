"""What uploaded lists and their columns are called on the pages."""

from __future__ import annotations

from collections.abc import Mapping

from services.lists import Column, ListKind

KIND: Mapping[ListKind, str] = {
    ListKind.CUSTOMERS: "Customers",
    ListKind.EXCLUSION: "Exclusion",
    ListKind.OWN: "Companies to look up",
}
EFFECT: Mapping[ListKind, str] = {
    ListKind.CUSTOMERS: "Their companies are marked in the book, also those that later campaigns find.",
    ListKind.EXCLUSION: "They come onto the suppression list: no campaign stores them or pays for them.",
    ListKind.OWN: "A campaign of your own list: contacts are looked up and verified, with a plan first.",
}
COLUMN: Mapping[Column, str] = {
    Column.NAME: "Name",
    Column.WEBSITE: "Website or domain",
    Column.EMAIL: "E-mail",
    Column.PHONE: "Phone",
    Column.STREET: "Street",
    Column.CITY: "Town",
    Column.POSTCODE: "Postcode",
    Column.COUNTRY: "Country",
    Column.EXTERNAL_ID: "Your number for it",
}
