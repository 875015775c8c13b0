"""Strict intake: a bureau's delivery becomes typed, scrubbed, stored rows, and every bad row says why."""

from pipelines.ingest.delivery import Delivery, DeliveryError
from pipelines.ingest.door import intake
from pipelines.ingest.raw import load_raw
from pipelines.ingest.store import deliveries

__all__ = ["Delivery", "DeliveryError", "deliveries", "intake", "load_raw"]
