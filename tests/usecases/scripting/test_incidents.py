"""Incidents are told as commands, and played back."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.usecases.scripting.playing import told_and_played_back

_DONE = (
    "incident new 'Checkout answers 503' --environment staging --severity sev2 --flow checkout --commander robin "
    "--started 09:40 --detected 09:50 --summary 'the gateway times out'",
    "incident note 'Checkout answers 503' 'vendor called'",
    "incident note checkout 'first page came' --at 09:52",
    "freeze --reason 'the tax tables are being changed'",
    "incident new 'it\"s -x; $(rm)' --environment production --severity p3",
    "incident edit checkout --title 'Checkout and refund answer 503' --severity critical --flow checkout --flow refund",
    "incident note 'Checkout and refund' 'retries are on'",
    "incident mitigated 'Checkout and refund' --at 10:30 --note 'retries are configured now'",
    "incident close 'Checkout and refund' --reason 'the gateway has retries' --at 11:00",
    "freeze --lift project --reason 'the tax tables are changed'",
    "freeze --lift checkout --reason 'it answers again for an hour'",
    "incident reopen 'Checkout and refund' --reason 'it times out once more'",
    "incident close 'it\"s -x' --reason 'nobody was affected'",
    "undo",
    "checklist tick incident/isolated --incident refund --note 'the load was stopped at 9:52'",
    "checklist attach telemetry-captured --incident refund --link https://logs.example/7",
    "checklist comment incident/isolated 'by whom?' --incident refund",
    "incident told refund 'robin and the owners of checkout, in the channel' --at 11:20",
    "incident note refund 'gateway failover, all seven steps' --runbook",
    "incident attach refund --link https://dashboards.example/9 --title 'the dashboard of that hour'",
    "incident correct refund 'vendor called' 'the vendor was called, and knows of it' --reason 'it was the other way round'",
    "incident new 'search is down' --environment staging --severity low",
    "incident note 'search is down' 'the same gateway'",
    "incident merge 'search is down' --into refund --reason 'the same gateway'",
    "incident split refund 'mails are late' --line 'first page came'",
    "incident mistake 'mails are late' --reason 'mails are always late on Tuesdays'",
)


@pytest.mark.xdist_group("story")
def test_incidents_are_played_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told_and_played_back(_DONE, tmp_path, monkeypatch)
