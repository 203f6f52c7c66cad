"""Where the part of a host name begins that somebody registered: the Public Suffix List, and site builders beside it.

The list (publicsuffix.org, from the package publicsuffixlist) has two sections: endings that registries sell names
under, and endings of companies that give names away, such as ``pages.dev``. Both end where strangers begin.
"""

from __future__ import annotations

from functools import lru_cache

from publicsuffixlist import PublicSuffixList

from pipeline.contact.contact_lists import FREE_SITE_HOSTS

_RESERVED = frozenset({"test", "example"})
"""Endings nobody can register below (RFC 2606); stand-ins of providers use them."""


@lru_cache(maxsize=1)
def _everybodys() -> PublicSuffixList:
    return PublicSuffixList()


@lru_cache(maxsize=1)
def _registries() -> PublicSuffixList:
    return PublicSuffixList(only_icann=True)


@lru_cache(maxsize=4096)
def registered_domain(host: str) -> str:
    """The part of a host name that someone registered or was given: ``shop.anchor.co.uk`` gives ``anchor.co.uk``,
    ``www.anchor.pages.dev`` gives ``anchor.pages.dev``. An ending that belongs to everybody stays as it is.
    """
    builder = _builder(host)
    if builder is not None:
        return ".".join(host.split(".")[-builder.count(".") - 2 :])
    return _everybodys().privatesuffix(host) or host


def is_everybodys(host: str) -> bool:
    """Whether names below this host belong to different people, so that the host itself is no company's."""
    return host == _builder(host) or _everybodys().privatesuffix(host) is None


@lru_cache(maxsize=4096)
def name_under_ending(host: str) -> str:
    """What a registry gave: ``anchor`` for ``shop.anchor.co.uk``."""
    return (_registries().privatesuffix(host) or host).split(".")[0]


def has_known_ending(host: str) -> bool:
    """Whether the top level of a host name exists."""
    ending = host.rpartition(".")[2]
    return ending in _RESERVED or _registries().publicsuffix(ending, accept_unknown=False) is not None


def _builder(host: str) -> str | None:
    """The site builder's host that ``host`` is or lies below, from our own list."""
    labels = host.split(".")
    for start in range(len(labels) - 1):
        if ".".join(labels[start:]) in FREE_SITE_HOSTS:
            return ".".join(labels[start:])
    registered = _registries().privatesuffix(host)
    return registered if registered and registered.split(".")[0] in FREE_SITE_HOSTS else None
