"""What a line of a gate means, how it is misread, and how it is cleared: for the app and for the guide."""

from __future__ import annotations

import msgspec

from workbench.gates.model import Part, RequirementState


class Meaning(msgspec.Struct, frozen=True):
    """One kind of line: what it says, what people take it for, and what clears it."""

    title: str
    means: str
    misread: str
    cleared: str


_OF_KIND = {
    "benchmarks": Meaning(
        "A benchmark",
        "Staging was measured for this build, and the value is judged by the rule in the file. A blocking benchmark "
        "passes or it blocks; without a value nothing passes.",
        "A failure is not noise to be fetched away: of the same build a source gives the same answer. And a pass says "
        "nothing about production beyond what staging has in common with it.",
        "Failed: propose a build that passes, or override it until a date. Not measured, or too old: fetch it. "
        "Measured wrongly: mark the measurement invalid, with the reason.",
    ),
    "tests_green": Meaning(
        "Tests",
        "The test run of this source is green for exactly the commit of the candidate.",
        "A green run of another commit, or of a branch that contains it, proves nothing here. A run that is still "
        "going on is neither green nor red.",
        "Red: propose a build whose tests pass. Missing: run the tests on this commit, then fetch. Still running: "
        "fetch again once it has ended.",
    ),
    "checklist": Meaning(
        "An item of a checklist",
        "Somebody has to look at this for this release and say what they found. Most answers belong to one build: "
        "a new candidate opens them again.",
        "Done says that a person checked it, not that a machine did. A comment answers nothing, and an item that "
        "needs evidence stays open until some is attached.",
        "Do what the item asks, then mark it done with its evidence. What does not concern this release is marked "
        "not applicable, with the reason. An item of a role is answered by somebody who has it.",
    ),
    "differences_decided": Meaning(
        "A difference between staging and production",
        "Nobody has decided yet what is done about this difference, or the decision has ended, lacks something, "
        "or was made on other values.",
        "Deciding does not make staging more like production: it says who knows about the gap, until when, and why "
        "the release may go out with it.",
        "Decide: close it (an owner and a date), mitigate it (what, and until when), accept it or call it irrelevant "
        "(a reason, an end and, if it is high, a second person).",
    ),
    "parity_reviewed": Meaning(
        "Parity map reviewed",
        "Somebody has gone through the whole map for this release and says that it is up to date.",
        "It is not about single differences: a map can be reviewed and still have undecided ones.",
        "Go through the map, then mark it reviewed. An empty map is filled first, or somebody records that nothing "
        "differs.",
    ),
    "inventory": Meaning(
        "The flow inventory",
        "The flows that carry the business are listed, and each core flow has an owner.",
        "A short list is not a simple system: what is not listed is not measured.",
        "Add the flows that are missing, mark the core ones, and name their owners.",
    ),
    "not_frozen": Meaning(
        "A freeze",
        "Somebody has frozen promotion: nothing goes out until a person lifts it, with a reason.",
        "A freeze is not overridden, and it does not end on its own.",
        "Ask who froze it whether it is over, then lift it.",
    ),
    "outside_change_freeze": Meaning(
        "A change freeze",
        "Today lies within the dates on which nothing is to go out.",
        "Nobody has to do anything about it: it clears automatically after its last day.",
        "Wait, or override it for a reason that justifies shipping in these days.",
    ),
    "signatures": Meaning(
        "A signature",
        "A gate asks for the word of a person in this role, on exactly what is on record now.",
        "A signature is not for good: where what was signed changes, it is out of date and is asked for again.",
        "The person signs here, or is asked elsewhere and sends an answer. Nobody signs twice for the same gate.",
    ),
    "earlier_gates": Meaning(
        "Earlier gates",
        "Gates come in order, and one before this has not passed yet.",
        "It says nothing about this gate itself.",
        "Clear what is open in the earlier gates.",
    ),
}
_OF_NOUN = {
    "contested": Meaning(
        "Several versions",
        "Several desks changed this without knowing of one another, and nobody can tell which one is right.",
        "The later one is not the better one.",
        "Choose one version; it replaces the others.",
    ),
    "rejection": Meaning(
        "A no",
        "Somebody who was asked to sign has rejected this release, or sent it back.",
        "It is not out of the way once the rest is cleared: it stands until its author answers again.",
        "Do what was asked, then ask its author to answer again. Where they no longer can, another person of the "
        "role dismisses it, with the reason.",
    ),
    "candidate": Meaning(
        "The author of the build",
        "Nobody signs their own build here, so it has to be known who wrote it.",
        "It is not who proposed the build.",
        "Say who wrote it.",
    ),
    "gate": Meaning(
        "Nothing to judge",
        "The file asks for something that does not exist, so that nothing could ever pass.",
        "It is no failure of the release: the definition is wrong.",
        "Edit the file at that place.",
    ),
}
_UNKNOWN = Meaning(
    "A requirement",
    "This has to be met before the gate is passed.",
    "That it was met for another build says nothing about this one.",
    "Do what its reason says, or override it until a date.",
)
MEANINGS = (*_OF_KIND.values(), *_OF_NOUN.values())


def meaning_of(requirement: RequirementState, part: Part) -> Meaning:
    """What one line of a gate means."""
    noun = part.about.partition("/")[0]
    return _OF_NOUN.get(noun) or _OF_KIND.get(requirement.kind, _UNKNOWN)
