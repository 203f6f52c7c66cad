"""The customer systems there are."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from pipeline.crm import hubspot, pipedrive, salesforce, webhook
from pipeline.crm.adapter import Kind

CRMS: Mapping[str, Kind] = MappingProxyType(
    {kind.key: kind for kind in (hubspot.KIND, pipedrive.KIND, salesforce.KIND, webhook.KIND)}
)
