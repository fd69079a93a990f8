"""A release of the sample shop from the first look to shipping, typed command by command.

``{word}`` in a command stands for what :mod:`tests.golden.playing` has noticed on the way: an id, a code.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

GATES = ("inventory", "pre-production", "benchmarks", "parity", "production-readiness", "sign-off")


class Step(NamedTuple):
    """A command; what it prints is kept under ``name``, unless that is empty."""

    name: str
    command: str
    code: int | None = 0
    also: tuple[str, ...] = ()
    """Files that the command writes; kept as ``NAME--FILE``."""


def _looks(when: str, gate_code: int, *, whole: bool = False) -> tuple[Step, ...]:
    """Everything that can be read, at one moment of the story."""
    named = {
        "gate": "gate --advisory",
        "checklists": "checklist list",
        "checklist": "checklist show pre-production",
        "item": "checklist show pre-production/data-masked",
        "benchmarks": "benchmark list",
        "benchmark": "benchmark show checkout-p95",
        "releases": "release list",
        "release": "release show",
        "parity": "parity list",
        "difference": "parity show 'payment gateway'",
        "flows": "flow list",
        "flow": "flow show checkout",
    }
    read = tuple(
        Step(f"{when}/{name}{ending}", f"{command}{option}")
        for name, command in named.items()
        for ending, option in ((".txt", ""), (".json", " --json"))
    )
    gates = tuple(Step(f"{when}/gate-{gate}.txt", f"gate {gate} --advisory", None) for gate in GATES)
    notes = tuple(
        Step(f"{when}/notes.{form}", f"notes {said}")
        for form, said in (("md", ""), ("html", "--format html"), ("json", "--json"), ("txt", "--format txt"))
    )
    rest = (
        Step(f"{when}/gate-sign-off.json", "gate sign-off --json", gate_code),
        Step(f"{when}/status.txt", "status", gate_code),
        Step(f"{when}/status.json", "status --json", gate_code),
        Step(f"{when}/gate.md", "gate --format markdown --advisory"),
        Step(f"{when}/documents", "", None),
    )
    if not whole:
        return (*read, *gates, *notes, *rest)
    large = (
        Step(f"{when}/history.txt", "history --limit 400"),
        Step(f"{when}/history.json", "history --limit 400 --json"),
        Step(f"{when}/excerpt.jsonl", "excerpt"),
        Step(f"{when}/flows.csv", "export flows"),
        Step(f"{when}/flows.yaml", "export flows --format yaml"),
        Step(f"{when}/differences.csv", "export differences"),
        Step(f"{when}/table-signoff.json", "export table signoff --format json"),
        Step(f"{when}/table-answer.csv", "export table answer"),
        Step(f"{when}/differences.yaml", "export differences --format yaml"),
    )
    return (*read, *gates, *notes, *rest, *large)


ITEMS = (
    "pre-production/data-masked",
    "pre-production/scanners-clear",
    "pre-production/runbooks-rehearsed",
    "production-readiness/objectives-held",
    "production-readiness/tests-green",
    "production-readiness/restore-tried",
    "production-readiness/stakeholders-agree",
)
DECIDED = "--until 2026-10-15 --mitigation 'The stand-in is as slow and as moody as the real one'"

BEFORE = (
    Step("begin/benchmark-kinds.json", "benchmark kinds --json"),
    Step("begin/source-kinds.json", "source list manual --json"),
    Step("begin/source-kind.json", "source show manual --json"),
    Step("begin/sources.json", "source status --json"),
    Step("begin/sources.txt", "source status"),
    Step("begin/source-draft.json", "source new manual --key typed --json"),
    Step("begin/objectives-draft.json", "source objectives slo.yaml --json"),
    Step("begin/objectives-draft.txt", "source objectives slo.yaml"),
    Step("begin/source-tried.json", "source test reports --json"),
    Step("begin/source-tried.txt", "source test reports"),
    Step("begin/faults.json", "fault list --json"),
    Step("begin/fault-tried.json", "fault tried gateway-503 --passed --note seen --json", 2),
    Step("begin/check.json", "check --json"),
    Step("begin/check.txt", "check"),
    Step("begin/explain.json", "check --explain checkout-p95 --json"),
    Step("begin/explain.txt", "check --explain checkout-p95"),
    Step("begin/schema-project.json", "schema project --json"),
    Step("begin/schema-part.json", "schema part --json"),
    Step("begin/schema-checklist.json", "schema checklist --json"),
    Step("begin/schema-flows.json", "schema flows --json"),
    Step("begin/schema-differences.json", "schema differences --json"),
    Step("begin/try.json", "try 'within 20% of baseline' --value 118 --baseline 100 --unit ms --json"),
    Step("begin/try.txt", "try 'within 20% of baseline' --value 130 --baseline 100 --unit ms", 1),
    Step("begin/trust.json", "trust --yes --json"),
    Step("begin/doctor.json", "doctor --json"),
    Step("begin/verify.json", "verify --json"),
    Step("begin/contested.json", "contested --json"),
    Step("begin/settle.json", "settle 'payment gateway' --take mine --json", 2),
    Step("begin/error.json", "release show 9.9.9 --json", 2),
    *_looks("blocked", 1),
)
CLEARING = (
    Step(
        "clear/promise.json", "promise data-masked --owner jo --by 2026-09-17 --note 'asks the bank' --json"
    ),
    Step("clear/promises.txt", "promise list"),
    Step("clear/promises.json", "promise list --json"),
    Step(
        "clear/override.json",
        "override payment-faults --reason 'known to everybody' --affects 'whoever pays' --from-version 2.13.0 --happens 'payments fail now and then' --recovery 'pay again' --no-regression --approver kim --until 2026-11-30 --json",
    ),
    Step("clear/waits.json", "approve --json"),
    Step("clear/approved.json", "approve payment-faults --as kim --reason 'seen it, too' --json"),
    Step("clear/lifted.json", "override payment-faults --lift --reason 'not needed any more' --json"),
    Step(
        "clear/quarantine.json",
        "quarantine checkout-p95 --reason 'fails one run in five since the move' --approver kim --until 2026-11-30 --json",
    ),
    Step("clear/baselines.txt", "baseline list"),
    Step("clear/baselines.json", "baseline list --json"),
    Step("clear/baseline.txt", "baseline show checkout-p95"),
    Step("clear/baseline.json", "baseline show checkout-p95 --json"),
    Step(
        "clear/pinned.json",
        "baseline pin checkout-p95 --name spring --reason 'measured in a calm week' --json",
    ),
    Step(
        "clear/baseline-invalidated.json",
        "baseline invalidate checkout-p95 --name spring --reason 'the cache was warm' --json",
    ),
    Step(
        "clear/phase.json",
        "benchmark phase search-results --from 2026-09-01 --reason 'the new index ranks otherwise' --json",
    ),
    Step("clear/quarantined.json", "approve checkout-p95 --as kim --reason 'seen it, too' --json"),
    Step("clear/changes.txt", "release changes"),
    Step("clear/changes.json", "release changes --json"),
    Step("clear/variants.txt", "variants"),
    Step("clear/variants.json", "variants --json"),
    Step("clear/touched.txt", "release touched"),
    Step("clear/notes-edited.json", "notes edit watch --text 'Look at the queue of payments first.' --json"),
    Step("", "notes hide 12.fix.md --reason 'an inside matter of the shop' --json", 2),
    Step("clear/notes-sections.txt", "notes show"),
    Step("clear/notes-sections.json", "notes show --json"),
    Step("clear/notes-section.md", "notes show watch"),
    Step("clear/notes-github.md", "notes --format github"),
    Step("clear/notes-gitlab.md", "notes --format gitlab --audience everyone"),
    Step("clear/comparison.txt", "diff rc1 rc2"),
    Step("clear/comparison.json", "diff rc1 rc2 --json"),
    Step("clear/release-changes.txt", "notes changes"),
    Step("clear/release-changes.json", "notes changes --json"),
    Step("clear/touched.json", "release touched --json"),
    Step("clear/quarantines.txt", "quarantine"),
    Step("clear/quarantines.json", "quarantine --json"),
    Step("clear/gate-quarantined.txt", "gate benchmarks --advisory"),
    Step(
        "clear/quarantine-lifted.json",
        "quarantine checkout-p95 --lift --reason 'the balancer is mended' --json",
    ),
    Step("clear/candidate.json", "release candidate 7c4e19f --json"),
    Step("clear/fetch.json", "fetch --json"),
    Step("clear/edit-release.json", "release edit --summary 'Gateway v3' --notes 'Own words.' --json"),
    Step("clear/decide.json", f"parity decide 'payment gateway' --mitigate {DECIDED} --json"),
    Step("clear/guide.json", "guide --json"),
    Step("clear/guide-page.json", "guide experiments --json"),
    Step("clear/statement.txt", "parity statement"),
    Step("clear/statement.json", "parity statement --json"),
    Step("clear/statement-kept.json", "parity statement --keep --json"),
    Step("clear/reviewed.json", "parity reviewed --note 'one decided' --json"),
    Step("clear/tick.json", "checklist tick pre-production/infrastructure-as-written --note looked --json"),
    *(Step("", f"checklist tick {item} --note 'looked at on 15 September'") for item in ITEMS),
    Step("clear/attach.json", "checklist attach data-masked --link https://wiki.example/masking --json"),
    Step("clear/comment.json", "checklist comment security-agrees 'who has asked them?' --json"),
    Step("clear/tick-failed.json", "checklist tick security-agrees --failed --comment 'not yet seen' --json"),
    Step("clear/tick-done.json", "checklist tick security-agrees --note 'seen by Noor' --json"),
    Step("clear/security-waits.txt", "approve"),
    Step("", "approve security-agrees --as noor"),
    Step("clear/freeze.json", "freeze --reason 'incident 42' --json"),
    Step("clear/frozen.txt", "gate production-readiness", 1),
    Step("clear/freezes.json", "freeze list --json"),
    Step("clear/thawed.json", "freeze --lift --reason 'incident 42 is over' --json"),
    Step("clear/freezes.txt", "freeze list"),
    Step(
        "clear/flow-added.json", "flow add gift-cards --name 'Gift cards' --tier important --owner jo --json"
    ),
    Step("clear/flow-edited.json", "flow edit gift-cards --step 'pick a card' --step pay --json"),
    Step("clear/flow-tier.json", "flow tier gift-cards --money --no-login --customers --json"),
    Step("clear/candidates.txt", "flow candidates"),
    Step("clear/candidates.json", "flow candidates --json"),
    Step("clear/advice.json", "flow advise gift-cards --tracing --steady-traffic --json"),
    Step("clear/flow-promoted.json", "flow promote gift-cards --json"),
    Step("clear/difference-added.json", "parity add 'gift wrapping' --staging none --severity low --json"),
    Step("clear/difference-edited.json", "parity edit 'gift wrapping' --owner kim --flow checkout --json"),
    Step(
        "clear/difference-attached.json",
        "parity attach 'gift wrapping' --note 'looked at the packing table' --json",
    ),
    Step("clear/difference-removed.json", "parity remove 'gift wrapping' --reason 'there is one now' --json"),
    Step("clear/import-again.json", "import differences parity.csv --json", None),
    Step("clear/results.txt", "import reports/rc3.xml README.md"),
    Step("clear/results.json", "import reports/rc3.xml --json"),
    Step(
        "clear/results-back.json",
        "import --invalidate reports/rc3.xml --reason 'it is in the folder anyway' --json",
    ),
    Step("clear/fetch-again.json", "fetch --source reports --json"),
    Step("clear/import-dry.txt", "import flows flows.csv --dry-run", None),
    Step("clear/alarms.txt", "benchmark alarms checkout-p95"),
    Step("clear/alarms.json", "benchmark alarms checkout-p95 --json"),
    Step("clear/reviews.txt", "benchmark reviews"),
    Step("clear/reviews.json", "benchmark reviews --json"),
    Step("clear/benchmark-reviewed.json", "benchmark reviewed checkout-p95 --note 'limit is right' --json"),
    Step("clear/entered.json", "benchmark enter payment-faults 5 --samples 6 --note counted --json"),
    Step("clear/benchmark-typed.json", "benchmark show payment-faults --json"),
    Step(
        "clear/invalidated.json", "benchmark invalidate {measurement} --reason 'counted wrongly' --json", None
    ),
    Step(
        "clear/tightened.json", "benchmark tighten search-results --reason 'right for a quarter' --json", None
    ),
    Step("clear/undone.json", "undo --json"),
    Step("clear/redone.json", "redo --json"),
    Step("", "undo"),
    Step("clear/backup.json", "backup copy.db --json"),
    Step("clear/exchange-pack.json", "exchange --to shop.pack --json"),
    Step("clear/pack-imported.json", "import shop.pack --json"),
    Step("clear/exchange.json", "exchange --json"),
    Step("clear/repair.json", "repair --json"),
    Step("clear/handed-over.json", "handover --to shop.handover --for sam --record copy.db --json"),
    Step("clear/handover.json", "handover --record copy.db --json"),
    Step(
        "clear/handover-cancelled.json",
        "handover --cancel --reason 'sam is ill this week' --record copy.db --json",
    ),
    Step("clear/restored.json", "restore shop.handover --record elsewhere.db --json"),
    *_looks("ready", 0),
)
SIGNING = (
    Step("sign/robin.json", "sign --approve --confirm 2.14.0 --json"),
    Step("sign/kim-rejects.json", "sign --as kim --reject --comment 'too early' --confirm 2.14.0 --json"),
    Step("sign/kim-revokes.json", "revoke sign-off --as kim --reason 'late enough now' --json"),
    Step(
        "sign/kim-sends-back.json",
        "sign --as kim --send-back 'the retry test again' --from jo --confirm 2.14.0 --json",
    ),
    Step("sign/sent-back.txt", "gate", code=1),
    Step("sign/handed-back.json", "hand-back sign-off --reason 'the load test ran again' --json"),
    Step(
        "sign/mika-dismisses.json",
        "sign sign-off --as mika --dismiss kim --reason 'it ran again at noon' --json",
    ),
    Step(
        "sign/kim.json", "sign --as kim --conditions 'Ilse watches' --due 2026-09-20 --confirm 2.14.0 --json"
    ),
    Step("sign/condition.json", "condition sign-off --kept 'Ilse watched until noon' --json"),
    Step("sign/conditions.txt", "condition"),
    Step("sign/conditions.json", "condition --json"),
    Step("sign/asked.json", "sign --request sam --output request.json --json", also=("request.json",)),
    Step(
        "sign/answered.json",
        "sign request.json --comment fine --confirm 2.14.0 --output reply.json --json",
        also=("reply.json",),
    ),
    Step("sign/imported.json", "import reply.json --json"),
    Step("", "revoke sign-off --as sam --reason 'by mail, please'"),
    Step("sign/asked-by-sheet.json", "ask sam --json", also=("sign-off-2-14-0-sign-off-sam.html",)),
    Step("sign/received.json", "sign --received mail.txt --code {code} --approve --json"),
    Step("", "gate sign-off --advisory --note asking.json"),
    Step("sign/asking-brought.json", "import asking.json --json"),
    Step("sign/askings.json", "gate --askings --json"),
    Step("", "poll sign-off --begin"),
    Step("", "poll sign-off --for kim --no-go 'the queue was not drained'"),
    Step("", "poll sign-off --for sam --absent"),
    Step("sign/poll-ended.json", "poll sign-off --end --note 'again on Thursday' --json"),
    Step("sign/poll.txt", "poll sign-off --format txt"),
    Step(
        "sign/delegated.json",
        "delegate release-owner --to ilse --until 2026-09-30 --reason 'on holiday until the end of the month' --json",
    ),
    Step("sign/delegations.json", "delegate --list --json"),
    Step("sign/delegation-ended.txt", "delegate --revoke ilse --reason 'back since this morning'"),
    Step("sign/head.json", "head --json"),
    Step("sign/proven.json", "prove sign-off/robin --to proof.json --json"),
    Step("sign/verified-proof.json", "verify proof.json --json", code=1),
    Step("sign/shown.txt", "shown sign-off/robin"),
    Step("sign/shown.json", "shown sign-off/robin --json"),
    Step("sign/shown-basis.txt", "shown sign-off/robin --what basis"),
    Step("sign/shown-statement.txt", "shown sign-off/robin --what statement"),
    *_looks("signed", 0, whole=True),
)
AFTER = (
    Step("after/difference-added.json", "parity add 'clock drift' --severity high --production 'a bit' --json"),
    Step("after/gate.txt", "gate sign-off", None),
    Step("", "undo"),
    Step("after/shipped.json", "release shipped --reason 'conditions are met on the day'"
         " --run https://ci.example/runs/7351 --json"),
    Step("after/shown-report.txt", "shown 2.14.0"),
    Step("after/audit.json", "audit --from 2026-09-01 --to 2026-12-31 --json"),
    *_looks("shipped", 0),
    Step("after/not-shipped.json", "release not-shipped 2.14.0 --reason 'the run said done and failed' --json"),
    Step("", "release shipped --reason 'conditions are met on the day' --run https://ci.example/runs/7352"),
    Step("after/rolled-back.json", "release rolled-back --reason 'payments failed' --json"),
    Step("after/new.json", "release new 2.15.0 --commit 1111111 --planned 2026-10-01T09:00 --json"),
    Step("after/abandoned.json", "release abandon 2.15.0 --reason 'superseded by 2.16.0' --json"),
    Step("after/releases.json", "release list --json"),
    Step("after/differences-applied.json", "parity apply differences.jsonl --reason 'read again' --json"),
    Step("", "undo"),
    Step("after/flows-applied.json", "flow apply flows.jsonl --json"),
    Step("after/purge.json", "purge {evidence} --reason 'a word that nobody should read' --json"),
    Step("after/verify.json", "verify --json"),
    Step("after/bundled.json", "bundle --to bundle --json"),
    Step("after/bundle-check.json", "verify bundle --json", 1),
    Step("after/investigation-opened.json",
         "investigation open 'checkout is slower' --environment staging --owner kim --json"),
    Step("after/investigation-edited.json", "investigation edit 'checkout is slower' --finding 'no index' --json"),
    Step("after/investigations.txt", "investigation list"),
    Step("after/investigations.json", "investigation list --json"),
    Step("after/investigation-ended.json", "investigation end 'checkout is slower' --limit '2 s, it was 1 s'"
         " --finding 'the smaller database has no index' --json"),
    Step("after/investigation.txt", "investigation show 'checkout is slower'"),
    Step("after/investigation.json", "investigation show 'checkout is slower' --json"),
    Step("after/incident-new.json", "incident new 'checkout answers 503' --environment production --severity sev2"
         " --flow checkout --commander kim --started 2026-09-15T09:40 --json"),
    Step("after/incident-note.json", "incident note 'checkout answers' 'the vendor was called' --json"),
    Step("after/incident-edited.json", "incident edit 'checkout answers' --detected 2026-09-15T09:45 --json"),
    Step("after/incident-mitigated.json", "incident mitigated 'checkout answers' --note 'retries are on' --json"),
    Step("after/incidents.txt", "incident list"),
    Step("after/incidents.json", "incident list --json"),
    Step("after/incident-closed.json", "incident close 'checkout answers' --reason 'it answers again' --json"),
    Step("after/incident-reopened.json", "incident reopen 'checkout answers' --reason 'it answers 503 again' --json"),
    Step("after/incident-told.json", "incident told 'checkout answers' 'everybody, in the channel' --json"),
    Step("after/incident-correct.json", "incident correct 'checkout answers' 'vendor was' 'the vendor knows of it'"
         " --reason 'it was the other way round' --json"),
    Step("after/incident-attached.json", "incident attach 'checkout answers' --link https://logs.example/7 --json"),
    Step("after/incident-tell.txt", "incident tell 'checkout answers'"),
    Step("after/incident-tell.json", "incident tell 'checkout answers' --json"),
    Step("after/incident-split.json", "incident split 'checkout answers' 'mails are late' --json"),
    Step("after/incident-merged.json", "incident merge 'mails are late' --into 'checkout answers' --json"),
    Step("", "incident new 'search is down' --environment production --severity low"),
    Step("after/incident-mistake.json", "incident mistake 'search is down' --reason 'it was a load test' --json"),
    Step("after/incident-checklist.json", "checklist list --incident 'checkout answers' --json"),
    Step("after/incident.txt", "incident show 'checkout answers'"),
    Step("after/incident.json", "incident show 'checkout answers' --json"),
    Step("after/incident-review.json", "incident review 'checkout answers' --contributed no --json"),
    Step("after/incident-reviewed.txt", "incident review 'checkout answers' --would-catch no --why-not mocked "
         "--add benchmark --add-words 'checkouts that fail' --add-key checkout-fails --form full --surprise staging_other"),
    Step("after/incident-review.txt", "incident review 'checkout answers'"),
    Step("after/incident-draft.txt", "incident draft 'checkout answers'"),
    Step("after/incident-draft.json", "incident draft 'checkout answers' --json"),
    Step("after/calendar.txt", "calendar --to 14d"),
    Step("after/calendar.json", "calendar --to 14d --by week --json"),
    Step("after/fleet.txt", "status --all", None),
    Step("after/fleet.json", "status --all --json", None),
    Step("after/fleet-add.json", "fleet add . --json"),
    Step("after/fleet-list.json", "fleet list --json"),
    Step("after/fleet-remove.json", "fleet remove . --json"),
    *(
        Step(f"after/dashboard-{name}{ending}", f"dashboard {name}{option}")
        for name in ("executive", "on-call", "stand-up")
        for ending, option in ((".txt", ""), (".json", " --json"), (".html", " --html -"))
    ),
    Step("after/surprises.txt", "incident surprises"),
    Step("after/surprises.json", "incident surprises --json"),
    Step("after/action-added.json", "action add 'call the vendor' --incident 'checkout answers' --owner kim --due 2026-09-20 --json"),
    Step("after/action-edited.json", "action edit 'call the vendor' --owner robin --json"),
    Step("after/actions.txt", "action list"),
    Step("after/actions.json", "action list --json"),
    Step("after/action.txt", "action show 'call the vendor'"),
    Step("after/action.json", "action show 'call the vendor' --json"),
    Step("after/action-done.json", "action done 'call the vendor' --link https://tickets.example.com/7 --json"),
    Step("after/action-reopened.json", "action reopen 'call the vendor' --reason 'they did not call back' --json"),
    Step("after/action-dropped.json", "action drop 'call the vendor' --reason 'another vendor was chosen' --json"),
    Step("after/false-alarm.json", "benchmark false-alarm refund-p95 --release 2.14.0 --hours 3 --reason 'the load ran on that machine' --json"),
    Step("after/catch.json", "benchmark catch refund-p95 --release 2.14.0 --reason 'refunds really were slow' --json"),
    Step("after/rulings.txt", "benchmark rulings"),
    Step("after/rulings.json", "benchmark rulings --json"),
    Step("after/unruled.txt", "benchmark rulings --open"),
    Step("after/unruled.json", "benchmark rulings --open --json"),
    Step("after/failed-tests.txt", "failed-tests list"),
    Step("after/failed-tests.json", "failed-tests list --json"),
    Step("after/failed-tests-review.json", "failed-tests review ci --contributed no --json", 2),
    Step("after/refresh.json", "environment refresh staging --at 2026-09-14T03:00 --from 'the snapshot of the night' --took 2h"
         " --rows passed --distributions passed --json"),
    Step("after/validated.json", "environment validate staging --plans failed --json"),
    Step("after/occupied.json", "environment occupy staging --who payments --why 'load test of the ledger'"
         " --from 2026-09-14 --until 2026-09-30 --json"),
    Step("after/needed.txt", "environment needed"),
    Step("after/needed.json", "environment needed --schema --api --json"),
    Step("after/environments.txt", "environment list"),
    Step("after/environments.json", "environment list --json"),
    Step("after/environment.txt", "environment show"),
    Step("after/environment.json", "environment show --json"),
    Step("after/freed.json", "environment free staging --who payments --at 2026-09-15 --json"),
    Step("after/environment-ended.json", "environment end staging --on 2026-12-31 --reason 'moved to the new cluster' --json"),
    Step("after/scores.json", "scores --json"),
    Step("after/learn.txt", "learn"),
    Step("after/learn.json", "learn --json"),
    Step("after/review.txt", "review --quarter this"),
    Step("after/review.json", "review --quarter this --json"),
    Step("after/why.txt", "why checkout-p95"),
    Step("after/why.json", "why checkout-p95 --json"),
    Step("after/what-if.txt", "what-if checkout-p95 --pass '<= 440 ms'"),
    Step("after/what-if.json", "what-if checkout-p95 --pass '<= 440 ms' --json"),
    Step("after/chart.txt", "chart checkout-p95"),
    Step("after/chart.json", "chart checkout-p95 --json"),
    Step("after/drift.txt", "drift"),
    Step("after/drift.json", "drift --json"),
    Step("after/statement.txt", "parity statement"),
    Step("after/priority.txt", "parity priority --limit 5"),
    Step("after/priority.json", "parity priority --limit 5 --json"),
    Step("after/regions.txt", "parity regions"),
    Step("after/regions.json", "parity regions --json"),
    Step("after/proposals.txt", "parity proposals"),
    Step("after/proposals.json", "parity proposals --json"),
    Step("after/probe.txt", "probe versions"),
    Step("after/probe.json", "probe settings --prove --json", 1),
    Step("after/probes.txt", "probe --list"),
    Step("after/probes.json", "probe --list --json"),
    Step("after/taken.json", "parity take settings --json"),
    Step("after/diff.txt", "parity diff staging production"),
    Step("after/diff.json", "parity diff staging production --json"),
    Step("after/discovered.txt", "parity discover"),
    Step("after/discovered.json", "parity discover --json"),
    Step("after/flows-discovered.txt", "flow discover traces/staging.jsonl traces/production.jsonl --stub stub=true"),
    Step("after/flows-discovered.json", "flow discover traces/staging.jsonl --stub stub=true --json"),
    Step("after/runbooks.txt", "runbook list"),
    Step("after/runbooks.json", "runbook list --json"),
    Step("after/gameday.json", "gameday new 'The gateway goes away' --at 2026-09-15T08:00 --with kim --json"),
    Step("after/gameday-edited.json", "gameday edit gateway --note 'one step was wrong' --json"),
    Step("after/drill-started.json", "drill start payment-fallback --fault downstream_503 --gameday gateway"
         " --at 2026-09-15T09:00 --json"),
    Step("after/drill-noticed.json", "drill noticed --at 2026-09-15T09:03 --json"),
    Step("after/drill-step.json", "drill step --done --at 2026-09-15T09:05 --json"),
    Step("", "drill step --failed --note 'the flag has another name' --at 2026-09-15T09:09"),
    Step("after/drill-running.txt", "drill show"),
    Step("after/drill-running.json", "drill show --json"),
    Step("", "drill step --done --at 2026-09-15T09:10"),
    Step("after/drill-mitigated.json", "drill mitigated --at 2026-09-15T09:12 --json"),
    Step("after/drill-ended.json", "drill end --at 2026-09-15T09:13 --json"),
    Step("after/drills.txt", "drill list"),
    Step("after/drills.json", "drill list --json"),
    Step("after/runbook.txt", "runbook show payment-fallback"),
    Step("after/runbook.json", "runbook show payment-fallback --json"),
    Step("after/gamedays.json", "gameday list --json"),
    Step("after/gameday-shown.json", "gameday show gateway --json"),
    Step("", "release new 2.15.1 --kind hotfix --commit 2222222 --previous 2.14.0"),
    Step("after/hotfix.txt", "gate --release 2.15.1", 1),
    Step("after/break-glass.json", "break-glass --release 2.15.1 --reason 'refunds are booked twice' --json"),
    Step("after/break-glasses.txt", "break-glass"),
    Step("after/break-glasses.json", "break-glass --json"),
    Step("after/watch.txt", "release watch 2.15.1"),
    Step("after/watch.json", "release watch 2.15.1 --json"),
    Step("", "release new 2.16.0 --commit 3333333"),
    Step("after/predictions.txt", "prediction list"),
    Step("after/predictions.json", "prediction list --json"),
    Step("after/withdrawn.json", "release withdraw 2.16.0 --reason 'the migration locks a table' --json"),
    Step("after/blockers.txt", "blockers --release 2.16.0"),
    Step("after/blockers.json", "blockers --release 2.16.0 --json"),
    Step("after/reminders.json", "hook due --release 2.16.0 --json"),
    Step("", "release abandon 2.16.0 --reason 'superseded by 2.17.0'"),
    Step("", "release new 1.0 --commit 1111111 --project hooked"),
    Step("after/prediction.json", "prediction add p95 '<= 0.8 s' --until 2126-01-15 --json --project hooked --as desk"),
    Step("after/hooks.json", "hook list --json --project hooked"),
    Step("after/hook-test.json", "hook test page --json --project hooked", 3),
    Step("after/routines.txt", "routine list"),
    Step("after/routines.json", "routine list --json"),
    Step(
        "after/routine-done.json",
        "routine done fidelity-audit --note 'the same orders to both' --comment '2 divergences' --json",
    ),
    Step("after/routine.txt", "routine show fidelity-audit"),
    Step("after/routine.json", "routine show fidelity-audit --json"),
    Step("after/demo.json", "demo --to again --json", 1),
    Step("after/init.json", "init --project fresh --json"),
    Step("after/schemas-written.json", "schema --write --json --project fresh"),
)  # fmt: skip
STORY = (*BEFORE, *CLEARING, *SIGNING, *AFTER)


def _names() -> Iterator[str]:
    for step in STORY:
        if step.name.endswith("/documents"):
            yield from (f"{step.name}/{gate}-{what}.json" for gate in GATES for what in ("shown", "basis"))
        elif step.name:
            yield step.name
        yield from (f"{step.name.removesuffix('.json')}--{file}" for file in step.also)


NAMES = tuple(_names())
"""Every file that the story makes, in its order."""
