"""The orders of a list of leads in words, and the columns they belong to."""

from __future__ import annotations

from services.results import LeadSort

_BY_TEXT: dict[LeadSort, str] = {
    LeadSort.POSTCODE: "Postcode",
    LeadSort.COUNTRY: "Country",
    LeadSort.STATE: "State",
    LeadSort.OPENING_HOURS: "Opening hours",
    LeadSort.ALSO: "Also",
    LeadSort.DOUBT: "Doubt",
    LeadSort.CHAIN: "Chain",
    LeadSort.SOURCE: "Sources",
}
WORDS: dict[LeadSort, str] = {
    LeadSort.BEST: "Best first",
    LeadSort.CONFIDENCE: "Confidence",
    LeadSort.REACH: "Reach",
    LeadSort.EMAIL_STATUS: "Verified e-mail first",
    LeadSort.NAME: "Name",
    LeadSort.CATEGORY: "Category",
    LeadSort.CITY: "City",
    LeadSort.ADDRESS: "Address",
    LeadSort.PHONE: "Phone",
    LeadSort.WEBSITE: "Website",
    LeadSort.EMAIL: "E-mail",
    LeadSort.COST: "Cost",
    LeadSort.RATING: "Rating",
    LeadSort.REVIEWS: "Reviews",
    LeadSort.FOUNDED: "Founded, newest first",
    LeadSort.COMPANY_SIZE: "Company size",
    LeadSort.BEST_REVERSED: "Best last",
    LeadSort.CONFIDENCE_REVERSED: "Confidence, lowest first",
    LeadSort.REACH_REVERSED: "Reach, lowest first",
    LeadSort.EMAIL_STATUS_REVERSED: "Verified e-mail last",
    LeadSort.NAME_REVERSED: "Name, Z to A",
    LeadSort.CATEGORY_REVERSED: "Category, Z to A",
    LeadSort.CITY_REVERSED: "City, Z to A",
    LeadSort.ADDRESS_REVERSED: "Address, Z to A",
    LeadSort.PHONE_REVERSED: "Phone, highest first",
    LeadSort.WEBSITE_REVERSED: "Website, Z to A",
    LeadSort.EMAIL_REVERSED: "E-mail, Z to A",
    LeadSort.COST_REVERSED: "Cost, lowest first",
    LeadSort.RATING_REVERSED: "Rating, lowest first",
    LeadSort.REVIEWS_REVERSED: "Reviews, fewest first",
    LeadSort.FOUNDED_REVERSED: "Founded, oldest first",
    LeadSort.COMPANY_SIZE_REVERSED: "Company size, smallest first",
    **{
        each: words + ("" if each is sort else ", Z to A")
        for sort, words in _BY_TEXT.items()
        for each in (sort, sort.other_way)
    },
}
BY_WORDS = {words: sort for sort, words in WORDS.items()}
BOOK_WORDS: dict[LeadSort, str] = {
    **WORDS,
    LeadSort.NEWEST: "Newest first",
    LeadSort.NEWEST_REVERSED: "Oldest first",
    LeadSort.FOLLOW_UP: "Follow-up first",
    LeadSort.FOLLOW_UP_REVERSED: "Follow-up last",
    LeadSort.LAST_SEEN: "Last found, newest first",
    LeadSort.LAST_SEEN_REVERSED: "Last found, oldest first",
    LeadSort.TEAM_STATUS: "Status, new first",
    LeadSort.TEAM_STATUS_REVERSED: "Status, lost first",
    LeadSort.OWNER: "Owner",
    LeadSort.OWNER_REVERSED: "Owner, Z to A",
    LeadSort.TAGS: "Tags",
    LeadSort.TAGS_REVERSED: "Tags, Z to A",
}
BY_BOOK_WORDS = {words: sort for sort, words in BOOK_WORDS.items()}
_OF_COLUMN = {
    "Name": LeadSort.NAME,
    "Confidence": LeadSort.CONFIDENCE,
    "Reach": LeadSort.REACH,
    "Category": LeadSort.CATEGORY,
    "Phone": LeadSort.PHONE,
    "Website": LeadSort.WEBSITE,
    "E-mail": LeadSort.EMAIL,
    "E-mail status": LeadSort.EMAIL_STATUS,
    "Address": LeadSort.ADDRESS,
    "City": LeadSort.CITY,
    "Cost": LeadSort.COST,
    "Rating": LeadSort.RATING,
    "Reviews": LeadSort.REVIEWS,
    "Founded": LeadSort.FOUNDED,
    "Company size": LeadSort.COMPANY_SIZE,
    "Found": LeadSort.NEWEST,
    "Last found": LeadSort.LAST_SEEN,
    "Follow-up": LeadSort.FOLLOW_UP,
    "Status": LeadSort.TEAM_STATUS,
    "Owner": LeadSort.OWNER,
    "Tags": LeadSort.TAGS,
    **{words: sort for sort, words in _BY_TEXT.items()},
}
_UP, _DOWN = "↑", "↓"
_LARGEST_FIRST = (
    LeadSort.CONFIDENCE,
    LeadSort.REACH,
    LeadSort.COST,
    LeadSort.RATING,
    LeadSort.REVIEWS,
    LeadSort.FOUNDED,
    LeadSort.COMPANY_SIZE,
    LeadSort.EMAIL_STATUS,
    LeadSort.NEWEST,
    LeadSort.LAST_SEEN,
)


def after_click(column: str, now: LeadSort) -> LeadSort:
    """The order once the head of ``column`` was clicked: that column; the other way round if it is that already."""
    wanted = _OF_COLUMN.get(column, now)
    return now.other_way if wanted in (now, now.other_way) and column in _OF_COLUMN else wanted


def heading(column: str, now: LeadSort) -> str:
    """The head of ``column``, with an arrow when the leads are in its order."""
    sort = _OF_COLUMN.get(column)
    if sort is None or sort not in (now, now.other_way):
        return column
    is_down = (sort in _LARGEST_FIRST) != now.is_reversed
    return f"{column} {_DOWN if is_down else _UP}"
