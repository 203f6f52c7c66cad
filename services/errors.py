"""What a service answers when it does not do what it was asked; the message is written for the person.

Refused
└── NotFound      there is no such thing, or it is not theirs: the two look the same on purpose
"""


class Refused(Exception):
    """The request was understood and not carried out."""


class NotFound(Refused):
    """No such thing for this person."""
