"""What a line of a gate means, how it is misread, and how it is cleared: for the app and for the guide."""

from __future__ import annotations

import msgspec

from workbench.gates.model import Origin, Part, RequirementState


class Meaning(msgspec.Struct, frozen=True):
    """One kind of line: what it says, what people take it for, and what clears it."""

    title: str
    means: str
    misread: str
    cleared: str


_OF_KIND = {
    "benchmarks": Meaning(
        "A benchmark",
        "Staging was measured for this build, and the rule in the file judges the value. A blocking benchmark has "
        "to pass; without a value it does not.",
        "Fetching again will not make a failure go away: the source gives the same answer for the same build. And a "
        "pass tells you about production only as far as staging resembles it.",
        "Failed: propose a build that passes, or override it until a date. Not measured, or too old: fetch it. "
        "Measured wrongly: mark the measurement invalid and say why.",
    ),
    "benchmark": Meaning(
        "One benchmark",
        "This gate asks for one benchmark by its key: staging was measured for this build, and the value passes, "
        "whether the benchmark is blocking elsewhere or advisory.",
        "Making it advisory in its file changes nothing here: the gate asks for it.",
        "Failed: propose a build that passes, or override it until a date. Not measured, or too old: fetch it.",
    ),
    "tests_green": Meaning(
        "Tests",
        "The test run from this source is green for exactly the candidate's commit.",
        "A green run of another commit, or of a branch that contains this one, proves nothing here. A run that has "
        "not finished is neither green nor red.",
        "Red: propose a build whose tests pass. Missing: run the tests on this commit, then fetch. Still running: "
        "fetch again when it has finished.",
    ),
    "findings": Meaning(
        "Findings of scanners",
        "The scanner has looked at exactly this commit, and of each severity it found no more open problems than the "
        "file allows. What has no severity counts as high.",
        "A finding that somebody set aside in the scanner is not counted here, and is told as a risk. A scan of "
        "another commit says nothing.",
        "Propose a build without them. Not scanned: let the scanner run on this commit, then fetch. Or override it "
        "for exactly these findings, until a date.",
    ),
    "no_secrets": Meaning(
        "Leaked secrets",
        "A scanner that looks for secrets has looked at exactly this commit, and found none, whatever severity it "
        "gives them.",
        "Deleting the line is not enough: a secret that was committed stays in the history, and is known.",
        "Replace the secret where it is used and revoke the old one, then propose a build without it and scan that.",
    ),
    "issues": Meaning(
        "Open issues",
        "The issue tracker lists no more open issues of each severity than the file allows, by what their labels say.",
        "An issue without a severity is not a harmless one: nobody has judged it yet. What the tracker said before "
        "it was asked last is not known here.",
        "Close the issue, or give it the severity that it has, then fetch again.",
    ),
    "checklist": Meaning(
        "A checklist item",
        "Someone has to check this for this release and say what they found. Most answers are for one build: a new "
        "candidate reopens them.",
        "Done means that a person checked it, not a machine. A comment is not an answer, and an item that needs "
        "evidence stays open until some is attached.",
        "Do what the item asks, then mark it done with its evidence. If it does not concern this release, mark it "
        "not applicable and say why. Only someone with the item's role can answer it.",
    ),
    "item": Meaning(
        "One item of a checklist",
        "This gate asks for one item by its key; the rest of its checklist may be open here.",
        "Done means that a person checked it, not a machine.",
        "Do what the item asks, then mark it done with its evidence, or not applicable with the reason.",
    ),
    "differences_decided": Meaning(
        "A difference between staging and production",
        "No one has decided what to do about this difference, or the decision has expired, is incomplete, or was "
        "made before the values changed.",
        "A decision does not make staging more like production. It says who knows about the gap, until when, and "
        "why the release can ship with it.",
        "Decide: close it (an owner and a date), mitigate it (how, and until when), accept it or call it irrelevant "
        "(a reason, an end date and, for a high-severity one, a second person).",
    ),
    "parity_reviewed": Meaning(
        "Parity map reviewed",
        "Someone has gone through the whole map for this release and confirmed that it is up to date.",
        "A review does not decide single differences: a reviewed map can still have undecided ones.",
        "Go through the map, then mark it reviewed. If it is empty, add the differences, or record that nothing "
        "differs.",
    ),
    "inventory": Meaning(
        "The flow inventory",
        "Your business-critical flows are listed, and each core flow has an owner.",
        "A short list does not mean a simple system: a flow that is not listed is not measured.",
        "Add the missing flows, mark the core ones, and name their owners.",
    ),
    "not_frozen": Meaning(
        "A freeze",
        "Someone has frozen promotion: nothing ships until a person lifts the freeze and says why.",
        "You cannot override a freeze, and it does not expire.",
        "Ask the person who froze it whether it is over, then lift it.",
    ),
    "outside_change_freeze": Meaning(
        "A change freeze",
        "Today is inside a change freeze, when nothing should ship.",
        "You do not have to do anything: it clears automatically after its last day.",
        "Wait, or override it with a reason that justifies shipping during the freeze.",
    ),
    "probes_run": Meaning(
        "A probe",
        "A probe has to look often enough, and everything that it finds has to be decided on. One that never ran, "
        "could not look, or was changed since says nothing, and does not pass.",
        "Running it again does not make a difference go away. And a probe that passes shows only that it found "
        "nothing: whether it can find anything is shown by proving it.",
        "Run it. Add what it found to the map and decide on it, or close the difference and run the probe again. "
        "Unproven: prove it.",
    ),
    "data_fresh": Meaning(
        "Fresh data",
        "The data of the environment must not be older than its own service level. A probe that looks at the data "
        "counts before a recorded refresh; a recorded refresh counts once its validation has passed.",
        "A refresh that ran is not fresh data: one that nobody validated, or that failed, does not count.",
        "Refresh the data and record it with its validation, or run the probe again.",
    ),
    "data_consistency": Meaning(
        "Data consistency",
        "The same queries ran in staging and in production, and enough of them have to give the same result.",
        "A high share does not say that the rest is harmless: look at which queries differ.",
        "Refresh the data, then run the probe again.",
    ),
    "masking": Meaning(
        "Masking",
        "A probe compares the columns that are declared personal with those of production. Whatever is readable in "
        "staging blocks.",
        "Accepting the difference is not enough: personal data that are readable stay readable.",
        "Mask the data and run the probe again.",
    ),
    "compatible": Meaning(
        "Compatible versions",
        "The candidate was verified against the versions that run in production now, and the rollback against the "
        "new schema. A pair that nobody has verified blocks.",
        "It does not say that the versions in staging fit: it is about production.",
        "Verify the pairs that are missing, and run the probe again.",
    ),
    "changes_measured": Meaning(
        "What a kind of change asks for",
        "The release says which kinds of change it carries. Each asks for measurements that show what goes wrong with "
        "it, and this one is missing.",
        "Measured does not mean passed: whether a value is good is for the benchmark to say.",
        "Measure it, or say in the file of a benchmark that it measures this (measures:). If the release carries no "
        "such change, name others, or none.",
    ),
    "objective_held": Meaning(
        "An objective",
        "A share of events has to be good over a window of time. It is kept where the measured share is at least "
        "the target.",
        "A good hour says little: the window counts. And an objective of staging may be looser than production's.",
        "Find out which events are bad, and wait until the window holds fewer of them, or override it until a date.",
    ),
    "error_budget": Meaning(
        "Error budget",
        "What an objective lets be missed over its window is its error budget. No more than the stated share of it "
        "may be used, and it may not burn too fast.",
        "A budget that is left is no permission to break things: it is what the next fault may cost.",
        "Stop what burns it. It fills up again as bad events leave the window; until then promotion halts.",
    ),
    "advisory_score": Meaning(
        "Score of advisory benchmarks",
        "None of them stops the release alone; together they reach a score. A pass counts 1, a warning a half, a "
        "failure and what is not known nothing.",
        "A good score does not excuse a blocking benchmark: those have to pass one by one.",
        "See which advisory benchmarks fail or have no value, mend or measure them, or change the limit in the file.",
    ),
    "drift_budget": Meaning(
        "Drift budget",
        "No more parameters may differ from production than the project allows. What is declared intended is not "
        "counted.",
        "It does not say which differences hurt: a small number can hold a dangerous one.",
        "Close what drifted. Accept what is intended, with a reason and an end.",
    ),
    "reviews_not_overdue": Meaning(
        "Reviews of benchmarks",
        "Each benchmark has to be looked at as often as it says: whether its limit is right, how often it raised a "
        "false alarm, and what it missed.",
        "A review changes no verdict: a benchmark that was reviewed can still fail.",
        "See how often it failed and whether it ever does, then mark it reviewed.",
    ),
    "actions_done": Meaning(
        "An action of an incident",
        "An incident left something to do, and its day has come. One that nobody owns, or that has no day, counts as "
        "due: it would never be.",
        "Marking it done does not show that the cause is gone: a benchmark, a probe or a test does.",
        "Do it and mark it done, with what shows it. Name its owner and its day where they are missing. If it will "
        "not be done, drop it and say why.",
    ),
    "routines_done": Meaning(
        "Routines",
        "What the team has agreed to do again and again was not done in its time: a week, a sprint, a month, a quarter.",
        "Done late it counts for the week in which it was done. The weeks that were missed stay missed, and nobody does "
        "them afterwards.",
        "Do it, then mark it done with its evidence. What nobody needs is left out in the project's file: every: never.",
    ),
    "release_described": Meaning(
        "What a release says of itself",
        "It has to be written down what the release is for, and how it is rolled back.",
        "A plan that is written down was not tried: only a rehearsal shows that it works.",
        "Write it down: a sentence, and the steps of the rollback or the version to roll back to.",
    ),
    "signatures": Meaning(
        "A signature",
        "The gate needs a signature from a person in this role, on exactly what is on record now.",
        "A signature does not last forever: if what was signed changes, it is out of date and has to be given again.",
        "The person signs here, or gets the sheet elsewhere and sends an answer. No one signs the same gate twice.",
    ),
    "earlier_gates": Meaning(
        "Earlier gates",
        "Gates come in order, and an earlier one has not passed yet.",
        "This does not mean that anything is wrong with this gate.",
        "Clear what is open in the earlier gates.",
    ),
}
_OF_NOUN = {
    "contested": Meaning(
        "Several versions",
        "Several desks changed this without seeing each other's change, and the record cannot tell which is right.",
        "The latest version is not automatically the right one.",
        "Choose one version; it replaces the others.",
    ),
    "aside": Meaning(
        "An entry that is kept aside",
        "An entry of another desk came and is not in the record: it is not as an entry must be, or one that it follows has "
        "not come. What rests on such things is not met.",
        "It does not say that the other desk did wrong: a pack may have been spoiled on its way.",
        "Import a whole pack of that desk. If what is quarantined stays, enter what it says in your own name, or drop it and "
        "say why.",
    ),
    "break_glass": Meaning(
        "The review of a break-glass",
        "One person let a release out past its gates, and nobody else has looked at it within two working days. Until "
        "somebody does, no regular release goes out.",
        "The review does not change what went out. It says whether it was right, and what is learnt from it.",
        "Somebody else reviews it and writes down what they found. A hotfix is not held.",
    ),
    "build": Meaning(
        "A withdrawn build",
        "Someone withdrew this build, so nothing that was measured of it counts for a gate. The release stays open.",
        "Measuring it again does not bring it back.",
        "Propose another build.",
    ),
    "rejection": Meaning(
        "A no",
        "Someone who was asked to sign has rejected this release, or sent it back.",
        "Clearing everything else does not remove it: it counts until that person answers again.",
        "Do what they asked for, then ask them to answer again. If they no longer can, another person with the same "
        "role dismisses it and says why.",
    ),
    "candidate": Meaning(
        "The author of the build",
        "People may not sign their own build here, so the record has to know who wrote it.",
        "The author is not the person who proposed the build.",
        "Say who wrote it.",
    ),
    "gate": Meaning(
        "Nothing to judge",
        "The file requires something that does not exist, so the gate can never pass.",
        "Nothing is wrong with the release: the file is wrong.",
        "Edit the file at that line.",
    ),
}
_UNKNOWN = Meaning(
    "A requirement",
    "This has to be met before the gate passes.",
    "If it was met for another build, that says nothing about this one.",
    "Do what its reason says, or override it until a date.",
)
MEANINGS = (*_OF_KIND.values(), *_OF_NOUN.values())


def meaning_of(requirement: RequirementState, part: Part) -> Meaning:
    """What one line of a gate means."""
    noun = "" if requirement.origin is Origin.EARLIER else part.about.partition("/")[0]
    return _OF_NOUN.get(noun) or _OF_KIND.get(requirement.kind, _UNKNOWN)
