"""OpenTelemetry: the traces of five services in two environments, in the SDK's JSON and in that of a protobuf library."""

from __future__ import annotations

import json
from pathlib import Path

from tests.generators import five_services
from tests.generators.tool import Tool, Workshop

# What the program does, as somebody who wrote it would say it; flows are compared with this.
DOES = {
    "POST /orders": {
        "services": [
            "gateway",
            "orders",
            "payments",
            "bank",
            "stock",
            "postgresql",
            "notifications",
            "mail-provider",
        ],
        "steps": [
            "gateway: POST /orders",
            "orders: POST /orders",
            "payments: POST /payments",
            "bank: POST /charge",
            "stock: POST /reservations",
            "postgresql: INSERT reservations",
            "notifications: process order-placed",
            "mail-provider: POST /mails",
        ],
        "mocked_in_staging": ["bank: POST /charge"],
        "skipped_in_staging": ["notifications: process order-placed", "mail-provider: POST /mails"],
        "runs": {"production": 12, "staging": 12},
        "failed": {"production": 2, "staging": 2},
    },
    "GET /articles/{id}": {
        "services": ["gateway", "stock", "postgresql"],
        "steps": ["gateway: GET /articles/{id}", "stock: GET /stock/{id}", "postgresql: SELECT stock"],
        "mocked_in_staging": [],
        "skipped_in_staging": [],
        "runs": {"production": 6, "staging": 6},
        "failed": {"production": 0, "staging": 0},
    },
    "count the stock": {
        "services": ["stock", "postgresql", "orders"],
        "steps": ["stock: count the stock", "postgresql: SELECT stock", "orders: GET /orders/open"],
        "mocked_in_staging": [],
        "skipped_in_staging": [],
        "runs": {"production": 2, "staging": 2},
        "failed": {"production": 0, "staging": 0},
    },
}


def make(work: Workshop) -> None:
    """The program in both environments; staging has a stub for the bank, and no notifications."""
    work.write("five_services.py", Path(five_services.__file__).read_text())
    known = "12 orders (2 declined), 6 looks at an article, 2 counts of the stock, 3 health checks"
    for environment, more in (
        ("production", ""),
        ("staging", "; the bank is a stub, notifications are not deployed"),
    ):
        work.run("python", "five_services.py", environment)
        work.keep(f"{environment}.jsonl", f"{known}{more}")
        work.keep(
            f"{environment}-base64.jsonl", f"the same spans with ids in base64 and enumerations by name{more}"
        )
    work.keep("does.json", "what the program does", json.dumps(DOES, indent=1) + "\n")


TOOL = Tool(
    name="opentelemetry",
    make=make,
    python=[
        "opentelemetry-sdk==1.45.2",
        "opentelemetry-exporter-otlp-json-file==0.66b1",
        "opentelemetry-exporter-otlp-proto-common==1.45.2",
    ],
)
