"""A film of 50 MB through the app, by nginx for the app, and by nginx alone."""

import re
import statistics
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.pictures import astronaut, jpeg
from tests.servers import ceph
from tests.servers.browser import Browser
from tests.servers.nginx import Nginx
from tests.servers.test_uploads import large_video
from tests.servers.vertex_server import Installation
from tests.web.staff import PASSWORD

_SIZE = 50 * 1024**2
_ROUNDS = 15
_AT_ONCE = 8


def table(folder: Path) -> str:
    """The table of delivery, as Markdown."""
    with ceph.running() as gateway:
        times = _measure(folder, gateway)
    plain = times["nginx alone"]
    lines = [
        "## Delivery of a 50 MB film",
        "",
        f"Seconds for one film, alone and with {_AT_ONCE} at once; median of {_ROUNDS} rounds, in "
        "which the ways take turns. The ratio is to nginx alone.",
        "",
        f"| way | one | ratio | {_AT_ONCE} at once | ratio |",
        "| --- | --- | --- | --- | --- |",
    ]
    for way, (one, many) in times.items():
        ratios = one / plain[0], many / plain[1]
        lines.append(f"| {way} | {one:.3f} | {ratios[0]:.1f} | {many:.3f} | {ratios[1]:.1f} |")
    return "\n".join([*lines, ""])


def _measure(folder: Path, gateway: ceph.Ceph) -> dict[str, tuple[float, float]]:
    local, bucket = _studio(folder / "local", {}), _studio(folder / "s3", gateway.settings())
    plain = large_video(folder / "plain.mp4", _SIZE)
    nginx = Nginx(local[0], folder / "nginx-local", more=_alone(plain))
    nginx_s3 = Nginx(bucket[0], folder / "nginx-s3")
    alone = _without_nginx(local[0]), _without_nginx(bucket[0])
    servers: list[Installation | Nginx] = [local[0], bucket[0], *alone, nginx, nginx_s3]
    for server in servers:
        server.start()
    try:
        ways = {
            "nginx alone": (f"http://127.0.0.1:{nginx.port}/plain.mp4", ""),
            "nginx for the app, from a folder": _place(nginx.port, local[1]),
            "nginx for the app, from a bucket (Ceph)": _place(nginx_s3.port, bucket[1]),
            "the app, from a folder": _place(alone[0].port, local[1]),
            "the app, from a bucket (Ceph)": _place(alone[1].port, bucket[1]),
        }
        return _race(ways)
    finally:
        for server in reversed(servers):
            server.stop()


def _studio(folder: Path, given: dict[str, str]) -> tuple[Installation, str]:
    """An installation with a film of this size, and the film's path."""
    folder.mkdir()
    (folder / "instance").mkdir()
    studio = Installation(folder / "instance")
    studio.settings |= {f"VERTEX_{name.upper()}": str(value) for name, value in given.items()}
    studio.settings |= {
        "VERTEX_DELIVERY": "nginx",
        "VERTEX_TRUSTED_PROXIES": "1",
        "VERTEX_FILE_LIMIT": "100000 per minute",
    }
    studio.flask("db", "upgrade")
    studio.flask("media", "init")
    studio.make_admin("olga", PASSWORD)
    (folder / "portrait.jpg").write_bytes(jpeg(astronaut()))
    film = large_video(folder / "film.mp4", _SIZE)
    summary = studio.import_portrait(folder / "portrait.jpg", film)
    return studio, f"/portraits/{summary['portrait']}/source"


def _without_nginx(studio: Installation) -> Installation:
    """Another server of the same installation, which sends every film itself."""
    settings = {**studio.settings, "VERTEX_DELIVERY": "app", "VERTEX_TRUSTED_PROXIES": "0"}
    return Installation(studio.instance, settings=settings)


def _place(port: int, path: str) -> tuple[str, str]:
    """An address, and the cookie of somebody who may ask for it."""
    olga = Browser(port)
    olga.sign_in()
    return f"http://127.0.0.1:{port}{path}", olga.cookie


def _race(ways: dict[str, tuple[str, str]]) -> dict[str, tuple[float, float]]:
    times: dict[str, tuple[list[float], list[float]]] = {way: ([], []) for way in ways}
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for _ in range(_ROUNDS):
            for way, (url, cookie) in ways.items():
                times[way][0].append(_fetch(url, cookie))
                many = list(pool.map(_fetch, [url] * _AT_ONCE, [cookie] * _AT_ONCE))
                times[way][1].append(max(many))
    return {
        w: (statistics.median(one), statistics.median(many)) for w, (one, many) in times.items()
    }


def _fetch(url: str, cookie: str) -> float:
    command = [
        "curl",
        "-s",
        "-o",
        "/dev/null",
        "-b",
        cookie,
        "-w",
        "%{http_code} %{size_download} %{time_total}",
    ]
    said = subprocess.run([*command, url], check=True, capture_output=True, text=True).stdout
    found = re.fullmatch(r"200 (\d+) ([\d.]+)", said)
    if found is None or int(found[1]) != _SIZE:
        raise RuntimeError(f"{url}: {said}")
    return float(found[2])


def _alone(film: Path) -> str:
    return f"location = /plain.mp4 {{ alias {film}; }}"
