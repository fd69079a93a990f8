"""``README.md`` of a bundle: how somebody checks it who has neither the workbench nor any reason to trust it."""

from __future__ import annotations

from workbench.model.markdown import markdown_text as md
from workbench.model.text import number_of
from workbench.usecases.bundling.shapes import NAMESPACE, STATEMENT_NAMESPACE, Index

_SIGNED = """\
Whoever made the bundle signed `index.json`, which holds the digest of every file it lists:

```sh
ssh-keygen -Y verify -f "$SIGNERS" -I "$(jq -r .made_by.person index.json)" -n {namespace} \\
  -O verify-time="$(jq -r '.judged_at | gsub("[-:T]"; "") | .[0:14] + "Z"' index.json)" -s index.json.sig < index.json
```
"""
_UNSIGNED = """\
Nobody signed the index of this bundle. What follows shows that it is whole and agrees with itself, and which answers
were signed with a key; it does not show who put it together.
"""

_TEXT = """\
# {title}

What was decided about {release}, what it was decided on, and how to check it. You need `bash`, the coreutils
(`sha256sum` among them), `ssh-keygen` and `jq`, and no trust in whoever sent you this.

{standing}

| file | holds |
| --- | --- |
| `index.json` | every file with its digest, the gates, the answers to them; the schema is `workbench.bundle.1` |
| `gates/` | the report of each gate, for people and for programs |
| `statements/` | what each person said, about what, and on what ground; `.sig` beside it is the signature of their key |
| `documents/` | what people were shown when they said it, and what it rests on, named by their SHA-256 |
| `record/entries.jsonl` | the entries of the record that all this was made from, to the letter |
| `record/checkpoint.txt`, `proofs/` | the end of the ledger, and a proof for each act that it is in it; `workbench verify` on each |
| `attestations/` | each gate as in-toto statements |
| `evidence/` | what was attached or measured, named by its SHA-256 |
| `definitions/` | the rules that applied: `resolved.json`, and the files as they were written |
| `map/`, `checklists.json` | the parity map, the flows, the answers to checklists |
| `representative.html` | how representative staging is of production |
| `notes/` | the release notes |

A folder that would be empty is left out. {absent}

## Check it yourself

Run these in the folder that this file is in, in order. Each ends with 0, or with something else where it finds a fault.

**1. Every file is as it was, and there is no other.**

```sh
set -euo pipefail
sha256sum --check --strict --quiet SHA256SUMS
shopt -s globstar dotglob
here() {{ for file in **; do [ -d "$file" ] || printf '%s\\n' "$file"; done | LC_ALL=C sort; }}
listed() {{ {{ cut -c 67- SHA256SUMS; echo SHA256SUMS; }} | LC_ALL=C sort; }}
[ -z "$(comm -3 <(here) <(listed))" ]
jq -r '.files[] | .sha256 + "  " + .path' index.json | sha256sum --check --strict --quiet
```

**2. Who signed.** Take the list of signers from a source of your own, never from what you check: in the project's
repository, `workbench export signers` writes it. Name it in `SIGNERS`.

```sh
: "${{SIGNERS:?name your own list of allowed signers}}"
```

{signature}
**3. Each answer to a gate.** Its statement has the digest that it is named by; an entry of the record names it; it is
about this release, this candidate and this gate; and where a key signed it, the signature is that person's.

```sh
jq -r '.signoffs[] | [.statement, .entry, .gate, .person, .decision, (if .signature == "" then "-" else .signature end)] | @tsv' index.json |
while IFS=$'\\t' read -r statement entry gate person decision signature; do
  digest=${{statement##*/}}; digest=${{digest%.json}}
  [ "$(sha256sum < "$statement")" = "$digest  -" ]
  jq -e --slurpfile index index.json --arg gate "$gate" --arg person "$person" --arg decision "$decision" \\
    '.gate == $gate and .person == $person and .decision == $decision and .record == $index[0].record
     and .release == $index[0].release' "$statement" > /dev/null
  found=
  while IFS= read -r body; do
    case $body in *"\\"statement\\":\\"$digest\\""*)
      [ "$(printf 'wb.entry.1\\0%s' "$body" | sha256sum)" != "$entry  -" ] || found=$body ;;
    esac
  done < record/entries.jsonl
  [ -n "$found" ]
  subject=$(jq -r .subject "$statement") about=
  while IFS= read -r body; do
    case $body in *'"entity":"candidate"'*)
      [ "$(printf 'wb.entry.1\\0%s' "$body" | sha256sum)" != "$subject  -" ] || about=$body ;;
    esac
  done < record/entries.jsonl
  jq -e -n --argjson answer "$found" --argjson candidate "$about" --slurpfile said "$statement" \\
    '$answer.value.candidate == $candidate.id and $candidate.value.commit == $said[0].commit
     and $answer.value.gate == $said[0].gate and $answer.value.person == $said[0].person
     and $answer.value.decision == $said[0].decision and $answer.value.basis == $said[0].basis
     and $answer.value.shown == $said[0].shown' > /dev/null
  how="asserted, no key"
  if [ "$signature" != - ]; then
    when=$(jq -r '.said_at | gsub("[-:T]"; "") | .[0:14] + "Z"' "$statement")
    ssh-keygen -Y verify -f "$SIGNERS" -I "$person" -n {statement} -O verify-time="$when" -s "$signature" < "$statement"
    how="signed with a key"
  fi
  echo "$gate: $decision by $person ($how)"
done
```

**4. What people were shown, and all evidence.** Each is named by its own digest.

```sh
shopt -s nullglob
for file in statements/*.json documents/* evidence/*; do
  name=${{file##*/}}
  [ "$(sha256sum < "$file")" = "${{name%%.*}}  -" ]
done
```

**5. What was decided.** How each gate stood, and which answers counted:

```sh
jq -r '.gates[] | "\\(.key): \\(.state)"' index.json
jq -r '.signoffs[] | select(.counts) | "\\(.gate): \\(.decision) by \\(.person) as \\(.role)"' index.json
```

To work out the gates again from the entries, and the digests of the entries from the record's end: `workbench verify`
on this folder. To ask whether a commit may go out: `workbench gate --bundle FOLDER --commit SHA`.
"""


def readme(index: Index, *, signed: bool) -> str:
    """The page; ``signed`` says whether a key signs the index."""
    candidate = index.candidate
    build = (
        f", {md(candidate.name)}, commit `{md(candidate.commit)}`" if candidate else ", without a candidate"
    )
    gates = (
        "; ".join(f"{md(gate.title)}: {gate.state}" for gate in index.gates) or "this project has no gates"
    )
    standing = f"The gates, judged at {index.judged_at:%Y-%m-%d %H:%M} UTC: {gates}."
    if index.demonstration:
        standing += " This is a demonstration: it proves nothing."
    absent = (
        f"{number_of(len(index.absent), 'piece')} of evidence {'is' if len(index.absent) == 1 else 'are'} not in "
        "it: `jq .absent index.json` says which and why."
        if index.absent
        else "All evidence is in it."
    )
    return _TEXT.format(
        title=f"{md(index.project)} {md(index.release)}{build}",
        release=md(index.release),
        standing=standing,
        absent=absent,
        signature=_SIGNED.format(namespace=NAMESPACE) if signed else _UNSIGNED,
        statement=STATEMENT_NAMESPACE,
    )
