"""CSV that comes in: from spreadsheets, other programs, and this one."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from vertex.errors import InvalidError, TooLargeError
from vertex.models.folding import fold
from vertex.services.tables import unguarded

MAX_BYTES = 5 * 1024**2
MOST_ROWS = 10_000

_LONGEST_CELL = 6000
_MARKS = (";", ",", "\t")


@dataclass(frozen=True, slots=True)
class Line:
    """One row: its number in the file, and its cells by the names of columns that we know."""

    number: int
    cells: Mapping[str, str]

    def cell(self, name: str) -> str:
        """What stands in a column, nothing if there is none."""
        return self.cells.get(name, "")


def read(content: bytes, columns: Mapping[str, Sequence[str]], *, needed: str) -> list[Line]:
    """Return the rows that are not empty; `columns` has all the words for each column.

    Commas, semicolons or tabs; UTF-8, else the Windows code for Cyrillic. InvalidError if the file
    is no table, or one without the column that is `needed`.
    """
    if len(content) > MAX_BYTES:
        raise TooLargeError("table_large", field="table", limit=MAX_BYTES // 1024**2)
    text = _decoded(content)
    first = text.lstrip().partition("\n")[0]
    mark = max(_MARKS, key=first.count)
    csv.field_size_limit(MAX_BYTES)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True))
    except csv.Error:
        raise InvalidError("table_damaged", field="table") from None
    head = next((index for index, row in enumerate(rows) if any(row)), None)
    if head is None:
        raise InvalidError("table_empty", field="table")
    names = _names(rows[head], columns)
    if needed not in names:
        raise InvalidError("table_without", field="table", column=columns[needed][0])
    return _lines(rows, head, names)


def _lines(rows: list[list[str]], head: int, names: list[str | None]) -> list[Line]:
    found = []
    for number, row in enumerate(rows[head + 1 :], start=head + 2):
        if not any(cell.strip() for cell in row):
            continue
        cells = {
            name: unguarded(cell.strip())[:_LONGEST_CELL]
            for name, cell in zip(names, row, strict=False)
            if name is not None
        }
        found.append(Line(number, cells))
    if not found:
        raise InvalidError("table_empty", field="table")
    if len(found) > MOST_ROWS:
        raise TooLargeError("table_rows", field="table", limit=MOST_ROWS)
    return found


def _names(head: list[str], columns: Mapping[str, Sequence[str]]) -> list[str | None]:
    words = {fold(word): name for name, known in columns.items() for word in known}
    return [words.get(fold(cell)) for cell in head]


def _decoded(content: bytes) -> str:
    for code in ("utf-8-sig", "cp1251"):
        try:
            text = content.decode(code)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise InvalidError("table_damaged", field="table")
