"""Views of tables that a person has saved: kept for the project in the person's own folder, not in the record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import msgspec

from workbench.model.errors import UsageError
from workbench.model.files import read_regular, write_whole
from workbench.model.text import safe_text
from workbench.model.turns import in_turn
from workbench.usecases.context import Context

FOLDER = "views"
LONGEST_NAME = 60
MOST = 256 * 1024  # bytes of the file
WIDEST = 500  # cells of a column
_SHORT = 300  # characters of a filter
LAST = ""  # the name of the view that a table was left with


class TableView(msgspec.Struct, frozen=True, omit_defaults=True):
    """How a table was made: columns shown, by key; their widths in cells; the last that stays; order; filter."""

    columns: tuple[str, ...] = ()
    widths: Mapping[str, int] = {}
    frozen: str = ""
    order: tuple[str, bool] | None = None
    filter: str = ""


Views = dict[str, dict[str, TableView]]  # by screen and name


def read_views(context: Context, screen: str) -> dict[str, TableView]:
    """The views of a table by name; a file that cannot be read holds none.

    ``NoDataFolder`` where this user has no folder of their own.
    """
    return _read(_file(context)).get(screen, {})


def save_view(context: Context, screen: str, name: str, view: TableView) -> None:
    """Keep a view under a name, in place of one that has it.  ``UsageError`` where it cannot be written."""
    file = _file(context)
    with _changed(file) as views:
        views.setdefault(screen, {})[safe_text(name, LONGEST_NAME).strip()] = view


def remove_view(context: Context, screen: str, name: str) -> None:
    """Forget a view.  ``UsageError`` where that cannot be written."""
    file = _file(context)
    with _changed(file) as views:
        views.get(screen, {}).pop(name, None)


def _file(context: Context) -> Path:
    return context.data_folder / FOLDER / f"{context.record.info.record_id}.json"


def _read(file: Path) -> Views:
    try:
        data = read_regular(file)
        views = msgspec.json.decode(data, type=Views) if len(data) <= MOST else {}
    except (OSError, ValueError):  # a view that is lost is made again in a moment
        return {}
    return {
        screen: {safe_text(name, LONGEST_NAME): _cleaned(view) for name, view in named.items()}
        for screen, named in views.items()
    }


def _cleaned(view: TableView) -> TableView:
    """The view with nothing in it that could steer a terminal: the file may come from anywhere."""
    order = view.order
    return TableView(
        columns=tuple(dict.fromkeys(safe_text(key, _SHORT) for key in view.columns)),
        widths={safe_text(key, _SHORT): min(max(1, width), WIDEST) for key, width in view.widths.items()},
        frozen=safe_text(view.frozen, _SHORT),
        order=(safe_text(order[0], _SHORT), order[1]) if order is not None else None,
        filter=safe_text(view.filter, _SHORT),
    )


@contextmanager
def _changed(file: Path) -> Iterator[Views]:
    """The views to change, which are written then; another app that is open does the same before or after."""
    try:
        with in_turn(file):
            yield (views := _read(file))
            write_whole(file, msgspec.json.encode(views), private=True)
    except OSError as error:
        raise UsageError(f"the view was not saved: {error.strerror or error}", hint=str(file)) from error
