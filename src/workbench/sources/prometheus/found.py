"""What a folder tells of Prometheus: a server among the services of its compose files."""

from __future__ import annotations

import re

from workbench.sources.proposing import Folder, Proposal, Service

_IMAGE = re.compile(r"(?:.*/)?(?:prometheus|victoria-metrics|vmsingle|mimir|thanos)(?:[:@].*)?\Z")
_USUAL = {"victoria": 8428, "vmsingle": 8428, "mimir": 9009, "thanos": 10902}
_PORT = 9090
_SETTINGS = frozenset({"prometheus.yml", "prometheus.yaml"})


def propose(folder: Folder) -> Proposal:
    """The server that a compose file starts, written down but not yet asked; without one, that it can follow.

    It runs on the machine of whoever starts it, so it speaks for neither staging nor production.
    Settings of a server tell no address, so they are only mentioned.
    """
    found = next((service for service in folder.services if _is_server(service)), None)
    if found is None:
        settings = next((name for name in folder.files if name.rsplit("/", 1)[-1] in _SETTINGS), None)
        seen = (("metrics", f"the settings of a Prometheus in {settings}"),) if settings else ()
        return Proposal(seen=seen, later="A metrics server can follow: kind: prometheus.")
    port = _port(found)
    return Proposal(
        seen=(("metrics", f"Prometheus in {found.file}, port {port}: its source stands in workbench.yaml"),),
        remarks=(
            f"# {found.file} starts a Prometheus on your own machine.  To measure there, or at your own server's",
            "# address, take the sign away before the next line:",
            f"#  - {{key: metrics, kind: prometheus, url: http://localhost:{port}}}",
        ),
    )


def _is_server(service: Service) -> bool:
    return bool(_IMAGE.match(service.image.lower())) or (not service.image and service.name == "prometheus")


def _port(service: Service) -> int:
    usual = next((port for word, port in _USUAL.items() if word in service.image.lower()), _PORT)
    return usual if usual in service.ports or not service.ports else service.ports[0]
