"""A list of signers in a file counts for no more than it does for ``ssh-keygen``."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.ssh import keygen_verifies, make_key, public_line

from workbench.model.errors import UsageError
from workbench.signoff.allowed_signers import read_allowed_signers
from workbench.signoff.ssh_signatures import Namespace, check
from workbench.usecases.ssh_signing import SigningKey, sign_bytes

AT = datetime(2026, 6, 1, 12, tzinfo=UTC)
DATA = b"something\n"
S = Namespace.STATEMENT


@pytest.mark.parametrize(
    "options",
    [
        'namespaces="workbench.*,!workbench.statement"',
        'namespaces="git",namespaces="workbench.*"',
        'valid-before="20260101Z",valid-before="20270101Z"',
    ],
)
def test_options_for_which_ssh_keygen_refuses_do_not_widen_the_list(tmp_path: Path, options: str) -> None:
    key = make_key(tmp_path)
    made = sign_bytes(DATA, SigningKey(key), S, asks=False)
    line = f"lena {options} {public_line(key)}\n"
    assert not keygen_verifies(
        tmp_path, line, "lena", S.value, DATA, made.armored, "-Overify-time=20260601120000Z"
    )
    with pytest.raises(UsageError, match="line 1 of the list of signers cannot be taken"):
        read_allowed_signers(line, "signers")


@pytest.mark.parametrize("sign", ["\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\r"])
def test_a_comment_ends_where_it_ends_for_ssh_keygen(tmp_path: Path, sign: str) -> None:
    key = make_key(tmp_path)
    made = sign_bytes(DATA, SigningKey(key), S, asks=False)
    text = f"# no longer here:{sign}lena {public_line(key)}\n"
    assert not keygen_verifies(tmp_path, text, "lena", S.value, DATA, made.armored)
    assert not check(read_allowed_signers(text, "signers"), DATA, made.armored, S, AT).holds


def test_lines_may_end_as_windows_ends_them(tmp_path: Path) -> None:
    key = make_key(tmp_path)
    made = sign_bytes(DATA, SigningKey(key), S, asks=False)
    text = f"# people\r\nlena {public_line(key)}\r\n"
    assert check(read_allowed_signers(text, "signers"), DATA, made.armored, S, AT).holds
