"""Reviews and rulings are told as commands, and played back."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.usecases.scripting.playing import told_and_played_back

_DONE = (
    "incident new 'payments fail' --environment production --severity high --flow checkout",
    "incident review 'payments fail' --contributed yes --difference 'load balancer' --would-catch no --why-not mocked "
    "--why-not-words 'it is a stub' --add benchmark --add-words 'share of payments that fail' --add-key payments",
    "incident review 'payments fail' --propose 'TLS of the gateway' --staging-has none --production-has 1.3",
    "incident review 'payments fail' --form full --runbook-worked no --runbook-step '3: the switch is gone' "
    "--surprise staging_other --lacking gate --caused-by-release no --cause 'a certificate' --hours '2 days' "
    "--cost '1,200 EUR'",
    "incident review 'payments fail' --would-catch yes --contributed no",
    "action add 'renew the certificate' --incident 'payments fail' --owner kim --due 2026-12-01",
    "benchmark false-alarm checkout-p95 --reason 'the load ran on the same machine' --hours '90 min'",
    "benchmark catch checkout-p95 --reason 'the index really was missing'",
    "undo",
    "incident new 'mails are late' --environment production --severity low",
    "action add 'renew the certificate' --incident 'mails are late'",
    "action edit 'renew the certificate (mails are late)' --owner robin --due 2026-12-02",
    "action done 'renew the certificate (payments fail)' --note 'until May'",
)


@pytest.mark.xdist_group("story")
def test_reviews_and_rulings_are_played_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told_and_played_back(_DONE, tmp_path, monkeypatch)
