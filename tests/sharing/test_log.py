"""What was seen of a mailbox is noted outside of the record, and found again."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.mailbox.log import GENESIS, MailboxLog, chain_of, chains, next_chain
from workbench.model.errors import RecordUnavailable

DIGESTS = st.lists(st.integers(0, 9).map(lambda n: hashlib.sha256(bytes([n])).digest()), max_size=12)


@given(DIGESTS, DIGESTS)
def test_packs_that_were_noted_in_two_steps_are_found_again(first: list[bytes], then: list[bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        log = MailboxLog(Path(folder) / "mailboxes" / "m.log")
        log.note(0, first, GENESIS)
        log.note(len(first), then, chain_of(first))
        log.note(0, first, GENESIS)  # another process that had not seen the rest
        every = [*first, *then]
        assert (log.size, log.digests()) == (len(every), every)
        assert log.digests(len(first)) == first
        assert [log.chain_at(n) for n in range(len(every) + 2)] == [GENESIS, *chains(every), None]


def test_a_chain_that_does_not_fit_its_neighbours_is_not_known(tmp_path: Path) -> None:
    digests = [bytes([n]) * 32 for n in range(4)]
    log = MailboxLog(tmp_path / "m.log")
    log.note(0, digests, GENESIS)
    data = bytearray(log.path.read_bytes())
    data[64 * 2] ^= 1  # the digest of the third pack
    log.path.write_bytes(data)
    assert log.chain_at(2) == chains(digests)[1]
    assert log.chain_at(3) is None
    assert log.chain_at(4) == chains(digests)[3]


def test_a_file_that_was_cut_ends_with_its_last_whole_pack(tmp_path: Path) -> None:
    log = MailboxLog(tmp_path / "m.log")
    log.note(0, [bytes(32), bytes(32)], GENESIS)
    log.path.write_bytes(log.path.read_bytes()[:-1])
    assert (log.size, len(log.digests()), log.chain_at(2)) == (1, 1, None)


def test_packs_that_do_not_follow_what_is_noted_are_left_out(tmp_path: Path) -> None:
    """A gap would be filled with zeros; all of it is asked for again instead."""
    log = MailboxLog(tmp_path / "m.log")
    log.note(5, [bytes(32)], GENESIS)
    assert not log.path.exists()


def test_a_mailbox_that_goes_on_otherwise_is_noted_otherwise(tmp_path: Path) -> None:
    log = MailboxLog(tmp_path / "m.log")
    digests = [bytes([n]) * 32 for n in range(4)]
    log.note(0, digests, GENESIS)
    log.cut(9)
    assert log.digests() == digests
    log.cut(1)
    log.note(1, [b"x" * 32], next_chain(GENESIS, digests[0]))
    assert log.digests() == [digests[0], b"x" * 32]
    assert log.chain_at(2) == chains([digests[0], b"x" * 32])[1]


def test_nothing_noted_is_nothing_known(tmp_path: Path) -> None:
    log = MailboxLog(tmp_path / "none.log")
    assert (log.size, log.digests(), log.chain_at(0), log.chain_at(1)) == (0, [], GENESIS, None)
    log.cut(0)
    assert not log.path.exists()


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RecordUnavailable, match="could not be noted"):
        MailboxLog(tmp_path / "file" / "m.log").note(0, [bytes(32)], GENESIS)


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_bytes(b"precious")
    (tmp_path / "m.log").symlink_to(target)
    with pytest.raises(RecordUnavailable):
        MailboxLog(tmp_path / "m.log").note(0, [bytes(32)], GENESIS)
    assert target.read_bytes() == b"precious"
