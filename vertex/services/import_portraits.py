"""Portraits with their videos out of a ZIP or a folder: looked at, then taken in one by one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias
from uuid import UUID

from vertex.errors import DomainError, InvalidError, TooLargeError
from vertex.media import formats, images, videos
from vertex.queue import Queue
from vertex.services import clients, csv_files, intake, orders, pairing, portraits
from vertex.services.audit import Actor
from vertex.services.csv_files import Line
from vertex.services.import_owners import Owners
from vertex.services.imports import Plan, Planned
from vertex.storage import Storage

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "portrait": ("portrait", "file", "picture", "photo", "портрет", "файл", "фото"),
    "video": ("video", "film", "видео"),
    "client": ("client", "name", "клиент", "имя", "фио"),
    "phone": ("phone", "телефон"),
    "order": ("order", "number", "заказ", "номер"),
    "title": ("title", "название", "подпись"),
}
_MEGABYTE = 1024**2

# how a cell may mean a file: by its whole name, by the last part of it, or without its ending
_WAYS: Sequence[Callable[[str], str]] = (
    str.casefold,
    lambda name: name.casefold().rpartition("/")[2],
    pairing.stem,
)
_Names: TypeAlias = Sequence[Mapping[str, Sequence[str]]]


@dataclass(frozen=True, slots=True)
class Found:
    """The files that were sent: how large each is, and how to look at the beginning of one."""

    sizes: Mapping[str, int]
    head: Callable[[str], bytes]


@dataclass(frozen=True, slots=True)
class Target:
    """For whom portraits are that no table speaks of."""

    client: str = ""
    phone: str = ""
    order: str = ""


def table_of(found: Found) -> str | None:
    """Return the one CSV among the files; InvalidError if there are several."""
    tables = [name for name in found.sizes if name.lower().endswith(".csv")]
    if len(tables) > 1:
        raise InvalidError("tables_several", field="archive")
    return tables[0] if tables else None


def plan(found: Found, table: bytes | None, target: Target, limits: intake.Limits) -> Plan:
    """Return a row for each pair, with what is wrong with it; what would be made is in its content.

    Nothing is stored. InvalidError if there is no picture at all, or nobody to give them to.
    """
    pictures = [name for name in found.sizes if pairing.is_picture(name)]
    films = [name for name in found.sizes if pairing.is_video(name)]
    if not pictures:
        raise InvalidError("archive_without_pictures", field="archive")
    rows: list[dict[str, str]] = []
    if table is None:
        clients.normalise_name(target.client)
        clients.judge_phone_of(target.client, target.phone)
        rows = [
            {"line": "", "portrait": name, "video": "", "title": "", **_of(target)}
            for name in pairing.in_order(pictures)
        ]
    else:
        lines = csv_files.read(table, COLUMNS, needed="portrait")
        names = (_by_each_way(pictures), _by_each_way(films))
        rows = [_from_line(line, *names, target) for line in lines]
    by_stem = pairing.grouped(films, pairing.stem)
    owners = Owners((row["phone"] for row in rows), (row["order"] for row in rows if row["order"]))
    planned = [_planned(row, found, by_stem, limits, owners) for row in rows]
    used = {one.content[kind] for one in planned for kind in ("portrait", "video")}
    unused = [name for name in [*pictures, *films] if name not in used]
    told = {*used, *unused}
    others = [n for n in found.sizes if n not in told and not n.lower().endswith(".csv")]
    return Plan(planned, pairing.in_order([*unused, *others]))


def carry_out(
    content: Mapping[str, str],
    picture: Path,
    video: Path,
    *,
    token: str,
    limits: intake.Limits,
    actor: Actor,
    storage: Storage,
    queue: Queue | None,
) -> str:
    """Take in one portrait with its video, once for this token; return what was made."""
    with picture.open("rb") as picture_file, video.open("rb") as video_file:
        delivery = intake.Delivery(
            client=content["client"],
            phone=content["phone"],
            order=content["order"] or None,
            title=content["title"],
            portrait=picture_file,
            portrait_name=content["portrait"],
            video=video_file,
            video_name=content["video"],
            submission=token,
            one_of_many=True,
        )
        made: UUID = intake.accept(
            delivery,
            actor=actor,
            storage=storage,
            queue=queue,
            limits=limits,
        ).id
    return portraits.subject_of(made)


def _of(target: Target) -> dict[str, str]:
    return {"client": target.client, "phone": target.phone, "order": target.order}


def _from_line(line: Line, pictures: _Names, films: _Names, target: Target) -> dict[str, str]:
    """A row of the table; without a client of its own it is for whom the form says."""
    own = {name: line.cell(name) for name in ("client", "phone", "order")}
    whose = own if own["client"] or own["phone"] else {**_of(target), **_given(own["order"])}
    return {
        "line": str(line.number),
        "portrait": _file(line.cell("portrait"), pictures),
        "video": _file(line.cell("video"), films),
        "title": line.cell("title")[:120],
        **whose,
    }


def _given(order: str) -> dict[str, str]:
    return {"order": order} if order else {}


def _by_each_way(names: Sequence[str]) -> _Names:
    return [pairing.grouped(names, way) for way in _WAYS]


def _file(cell: str, names: _Names) -> str:
    """The one file that a cell means, or what is written there."""
    wanted = cell.replace("\\", "/").strip("/").casefold()
    if not wanted:
        return ""
    for found in (files.get(wanted, ()) for files in names):
        if len(found) == 1:
            return found[0]
    return cell


def _planned(
    content: dict[str, str],
    found: Found,
    films: Mapping[str, Sequence[str]],
    limits: intake.Limits,
    owners: Owners,
) -> Planned:
    try:
        content["video"] = content["video"] or _its_video(content["portrait"], films)
        _judge_file(content["portrait"], found, "image", limits.image_bytes)
        _judge_file(content["video"], found, "video", limits.video_bytes)
        made = _judge_owner(content, owners)
    except DomainError as error:
        return Planned(content, error)
    return Planned({**content, "makes": made})


def _its_video(portrait: str, films: Mapping[str, Sequence[str]]) -> str:
    if not portrait:
        raise InvalidError("import_no_picture")
    matching = pairing.video_for(portrait, films)
    if not matching:
        raise InvalidError("import_no_video", name=pairing.stem(portrait))
    if len(matching) > 1:
        raise InvalidError("import_videos_several", names=", ".join(matching[:3]))
    return matching[0]


def _judge_file(name: str, found: Found, kind: str, limit: int) -> None:
    """Refuse what is plainly wrong with a file; the whole of it is looked at when it comes in."""
    if name not in found.sizes:
        raise InvalidError("import_file_missing", name=name[:80])
    size = found.sizes[name]
    accepted = images.ACCEPTED if kind == "image" else videos.ACCEPTED
    if size == 0:
        raise InvalidError(f"{kind}_empty", accepted=accepted)
    if size > limit:
        shown = -(-size // _MEGABYTE)
        raise TooLargeError(f"{kind}_bytes", found=shown, limit=limit // _MEGABYTE)
    head = found.head(name)
    known = formats.is_image(head) if kind == "image" else formats.container_of(head) is not None
    if not known:
        other = formats.name_of(head)
        code = f"{kind}_format" if other else f"{kind}_unknown"
        raise InvalidError(code, accepted=accepted, **({"found": other} if other else {}))


def _judge_owner(content: dict[str, str], owners: Owners) -> list[str]:
    """Put client, phone and order into the form stored; what would be made beside the portrait."""
    name = clients.normalise_name(content["client"])
    phone = clients.normalise_phone(content["phone"])
    number = orders.normalise_number(content["order"]) if content["order"] else ""
    made = owners.add(name, phone, number)
    content.update(client=name, phone=phone, order=number)
    return [*made, "portrait"]
