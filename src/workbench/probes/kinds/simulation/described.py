"""The endpoints and statuses that an OpenAPI description names (https://spec.openapis.org/oas/v3.1.0)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workbench.model.errors import SourceError
from workbench.sources.configuration.decoding import decode
from workbench.sources.configuration.tree import Block, Unreadable
from workbench.sources.configuration.yaml_files import read_yaml

_METHODS = ("get", "head", "options", "post", "put", "patch", "delete")
_PARAMETER = re.compile(r"\{[^/{}]*\}")


def described_in(data: bytes, where: str) -> dict[str, list[int]]:
    """``GET /accounts/*`` with its statuses; ``default`` and ``4XX`` name none.  ``SourceError`` where it is no description."""
    try:
        text, _ = decode(data)
        roots = read_yaml(text).roots  # JSON is YAML
    except Unreadable as error:
        raise SourceError(error.what, where=f"{where}:{error.line}" if error.line else where) from None
    paths = roots[0].block("paths") if roots and isinstance(roots[0], Block) else None
    if paths is None:
        raise SourceError("it is no OpenAPI description: it has no paths", where=where)
    return {endpoint: statuses for endpoint, statuses in _endpoints(paths) if statuses}


def _endpoints(paths: Block) -> Iterator[tuple[str, list[int]]]:
    for path, (_, item) in paths.entries.items():
        for method in _METHODS if isinstance(item, Block) else ():
            operation = item.block(method) if isinstance(item, Block) else None
            responses = operation.block("responses") if operation is not None else None
            codes = responses.entries if responses is not None else ()
            plain = f"{method.upper()} {_PARAMETER.sub('*', path)}"
            yield plain, [int(code) for code in codes if re.fullmatch("[1-5][0-9][0-9]", code)]
