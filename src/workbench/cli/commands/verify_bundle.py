"""``workbench verify BUNDLE``: is a bundle as it was made, and who vouches for it?"""

from __future__ import annotations

from pathlib import Path

from workbench.cli import output, session
from workbench.cli.options import Settings


def verify_bundle(settings: Settings, path: Path, allowed: Path | None) -> int:
    """Check a bundle against the signers of the project here, or those of a list; its exit code."""
    from workbench.usecases.bundling.checking import check
    from workbench.usecases.signers import signers_here
    from workbench.usecases.views import bundles

    signers = signers_here(session.options_of(settings), allowed)
    found = check(path, signers.keys)
    if settings.json:
        output.emit(bundles.document(found, signers.where))
        return found.exit_code
    output.line(bundles.headline(found))
    output.lines(f"  {line}" for line in bundles.lines(found, signers.where))
    if not found.intact:
        output.talk("next: do not use it; ask for the bundle again, by another way")
    elif not found.vouched:
        output.talk("next: ask for one that is signed: workbench bundle --to PATH --ssh-key FILE")
    return found.exit_code
