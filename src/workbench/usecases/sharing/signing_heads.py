"""``sync --ssh-key``: a sync at whose end a person signs what this desk has read of the server."""

from __future__ import annotations

import msgspec

from workbench.model.errors import NotAllowed
from workbench.usecases.context import Context
from workbench.usecases.sharing.heads import Left, leave_signed
from workbench.usecases.sharing.shared import connected, require_shared
from workbench.usecases.sharing.synced import Synced
from workbench.usecases.sharing.syncing import AT_ONCE, Steps, sync_with
from workbench.usecases.ssh_signing import SigningKey, Tell


def sync_and_sign(
    context: Context, key: SigningKey, *, asks: bool = True, tell: Tell | None = None, steps: Steps = AT_ONCE
) -> tuple[Synced, Left | None]:
    """Receives and sends, signs a head over all that was read, and sends that, too.

    ``NotAllowed`` where the server is not as it was noted: nobody should vouch for it.  Where something stopped the sync
    nothing is signed.
    """
    with connected(require_shared(context)) as server:
        done = sync_with(context, server, steps)
        if done.faults:
            raise NotAllowed(
                f"the head was not signed: {done.faults[0]}",
                hint="workbench verify says more; workbench share --reconnect --reason WHY accepts it",
            )
        if done.unsent is not None:
            return done, None
        left = leave_signed(context, server, key, asks=asks, tell=tell)
        more = sync_with(context, server)
    return msgspec.structs.replace(
        more, sent=done.sent + more.sent, received=done.received + more.received
    ), left
