"""Looking at what a project's files would run, read and reach, and agreeing to it."""

from __future__ import annotations

from collections.abc import Set
from pathlib import Path

import msgspec

from workbench.definitions.project import Definitions
from workbench.definitions.trust import TrustRequest, TrustStore, trust_request
from workbench.model.errors import NotTrusted, RecordUnavailable
from workbench.model.hosts import shown_host
from workbench.usecases.project import NoDataFolder, Options, data_folder, read_definitions


class Trust(msgspec.Struct, frozen=True, kw_only=True):
    """What a project asks for, and whether exactly that was agreed to."""

    root: Path
    store: Path
    request: TrustRequest
    trusted: bool


def look(options: Options) -> Trust:
    """What the project's files would use.  Nothing is used by looking."""
    root, definitions = read_definitions(options)
    request = trust_request(definitions)
    return Trust(root=root, store=data_folder(), request=request, trusted=is_trusted(root, request))


def shown(request: TrustRequest) -> list[tuple[str, list[str]]]:
    """What each place in the project's files would use, in words."""
    return [
        (
            use.where,
            [
                *(f"runs   {command}" for command in use.commands),
                *(f"with   {name}, as it is now" for name, _ in use.scripts),
                *(f"reads  {name} from the environment" for name in use.variables),
                *(f"asks   {shown_host(host)}" for host in use.hosts),
                *(f"opens  {file}" for file in use.files),
            ],
        )
        for use in request.uses
    ]


def agree_to(options: Options, digest: str) -> None:
    """Agree to what was shown under that digest.

    ``NotTrusted`` where the files have changed meanwhile: then nothing is agreed to.
    """
    found = look(options)
    if found.request.digest != digest:
        raise NotTrusted(
            "the project's files have changed since you looked; nothing was trusted", hint="look at it again"
        )
    agree(found)


def is_trusted(root: Path, request: TrustRequest) -> bool:
    """Whether exactly this was agreed to; nothing was where answers have no place outside the project."""
    try:
        return TrustStore(data_folder()).is_trusted(root, request)
    except NoDataFolder:
        return request.empty


def trusts(root: Path, definitions: Definitions) -> bool:
    """Whether everything that a project's files would use was agreed to."""
    return is_trusted(root, trust_request(definitions))


def require_trust(root: Path, definitions: Definitions, places: Set[str]) -> None:
    """Nothing of a project that was not trusted is executed, read or sent anywhere.

    ``places`` are what is about to be asked or run, as ``sources/metrics``; those that only read files of
    the project need no trust.
    """
    request = trust_request(definitions)
    if not any(use.where in places for use in request.uses) or is_trusted(root, request):
        return
    raise NotTrusted(
        "this project is not trusted yet: its files would reach hosts or run commands",
        where=", ".join([*request.hosts, *request.commands, *request.variables][:4]),
        hint="workbench trust shows everything and remembers your answer",
    )


def agree(found: Trust) -> None:
    """Agree to what was shown; a change of it asks again.  The answer stays on this machine."""
    try:
        TrustStore(found.store).remember(found.root, found.request)
    except OSError as error:
        raise RecordUnavailable(
            f"the answer cannot be saved: {error.strerror}",
            where=str(found.store),
            hint="make that folder writable, or name another one in WORKBENCH_DATA",
        ) from None


def forget(found: Trust) -> None:
    """Take the answer back."""
    try:
        TrustStore(found.store).forget(found.root)
    except OSError as error:
        raise RecordUnavailable(
            f"the answer cannot be removed: {error.strerror}", where=str(found.store)
        ) from None
