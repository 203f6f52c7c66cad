"""What a provider declares, as values for programs and as the frame of its page in ``docs/providers``."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.providers.declaration import ProviderSpec, Setting


def declared(spec: ProviderSpec) -> dict[str, object]:
    """A declaration as JSON values."""
    return {
        "key": spec.key,
        "order_key": spec.order_key,
        "label": spec.label,
        "kind": spec.kind.value,
        "help": spec.help,
        "aliases": list(spec.aliases),
        "needs": spec.needs or None,
        "terms": spec.terms.url or None,
        "operations": [
            {
                "name": operation.name,
                "label": operation.label,
                "price": operation.price,
                "unit": operation.unit,
            }
            for operation in spec.operations
        ],
        "settings": [
            {"name": setting.name, "default": str(setting.default), "help": setting.help}
            for setting in spec.settings
        ],
    }


def frame(spec: ProviderSpec) -> str:
    """The page with everything that follows from the declaration; what is special goes above the tables."""
    return "\n".join(_lines(spec)) + "\n"


def _lines(spec: ProviderSpec) -> Iterator[str]:
    yield from (f"# {spec.label}", "", spec.help, "")
    kind = f"kind: {spec.kind} · in an order: `{spec.order_key}`"
    yield from (f"{kind} · in the ledger: `{spec.key}`" if spec.operations else kind, "")
    if spec.operations:
        yield from ("| question | price | in the ledger |", "|---|---|---|")
        for operation in spec.operations:
            price = f"`{operation.price}` for {operation.unit}" if operation.price else "free"
            yield f"| {operation.label} | {price} | `{operation.name}` |"
        yield ""
    if spec.settings:
        yield from ("| variable | default | meaning |", "|---|---|---|")
        yield from (_setting(setting) for setting in spec.settings)
        yield ""
    if spec.terms.url:
        yield f"Terms: <{spec.terms.url}>."


def _setting(setting: Setting) -> str:
    default = f"`{setting.default}`" if setting.default != "" else "(empty)"
    return f"| `{setting.name}` | {default} | {setting.help} |"
