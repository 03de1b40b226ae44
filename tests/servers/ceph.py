"""A real S3 store for the tests that ask for one: Ceph's gateway over a store in memory."""

import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.servers.presence import lacking
from tests.servers.vertex_server import free_port
from vertex.settings import Settings
from vertex.storage import Storage, open_storage

PROGRAMS = ("ceph-mon", "ceph-osd", "radosgw", "ceph", "monmaptool", "ceph-authtool")
ACCESS_KEY, SECRET_KEY = "vertex-tests", "not-a-secret-to-anybody"
_CLUSTER = "6f3a1c52-8a52-4d0c-9d5c-0d4c8e1a7b10"
_DISK = "0b7d9d3e-55c1-4f06-8f0b-5a6f1f3a2c41"
_serial = count(1)


@dataclass(frozen=True)
class Ceph:
    """A running gateway; every bucket in it belongs to the tests."""

    port: int

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def settings(self) -> dict[str, Any]:
        """What an installation is told to keep its files in a bucket of its own."""
        return {
            "storage": "s3",
            "s3_bucket": f"vertex-{next(_serial)}",
            "s3_endpoint": self.url,
            "s3_access_key": ACCESS_KEY,
            "s3_secret_key": SECRET_KEY,
        }

    def storage(self, folder: Path) -> Storage:
        """A store in a bucket of its own."""
        storage = open_storage(Settings(instance=folder, **self.settings()))
        storage.initialise("https://studio.example")
        return storage


@pytest.fixture(scope="session")
def ceph() -> Iterator[Ceph]:
    """A gateway that lives as long as the test session."""
    missing = [name for name in PROGRAMS if shutil.which(name) is None]
    if missing:
        lacking(f"Ceph ({', '.join(missing)})")
    with running() as found:
        yield found


@contextmanager
def running() -> Iterator[Ceph]:
    """A gateway for as long as the block lasts."""
    folder = Path(tempfile.mkdtemp(prefix="vertex-ceph-"))
    cluster = _Cluster(folder, Ceph(free_port()))
    try:
        cluster.start()
        yield cluster.gateway
    finally:
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


class _Cluster:
    def __init__(self, folder: Path, gateway: Ceph) -> None:
        self.gateway = gateway
        self._folder = folder
        self._children: list[subprocess.Popen[bytes]] = []
        self._conf = folder / "ceph.conf"
        self._keyring = folder / "keyring"

    def start(self) -> None:
        (self._folder / "mon").mkdir()
        (self._folder / "osd").mkdir()
        ports = free_port(), free_port()
        self._conf.write_text(_configuration(self._folder, self.gateway.port, ports))
        self._make_keys_and_map(ports)
        self._run("ceph-mon", "-i", "a", "--mkfs", "--monmap", str(self._folder / "monmap"))
        self._serve("ceph-mon", "-i", "a", "-f")
        _until(lambda: self._ask("mon", "stat") is not None, "the monitor answers")
        self._run("ceph-osd", "-i", "0", "--mkfs", "--osd-uuid", _DISK)
        self._run("ceph", "osd", "new", _DISK, "0")
        self._serve("ceph-osd", "-i", "0", "-f")
        self._run("ceph", "osd", "crush", "add", "osd.0", "1.0", "root=default", "host=h")
        _until(lambda: "1 up" in (self._ask("osd", "stat") or ""), "the disk is up")
        named = ("-n", "client.rgw", "--keyring", str(self._keyring))
        self._serve("radosgw", *named, "-f")
        _until(lambda: _answers(self.gateway.url), "the gateway answers")
        user = ["user", "create", "--uid", "tests", "--display-name", "tests"]
        keys = ["--access-key", ACCESS_KEY, "--secret-key", SECRET_KEY]
        self._run("radosgw-admin", *named, *user, *keys, "--log-file", "/dev/null")

    def stop(self) -> None:
        for child in reversed(self._children):
            child.kill()
            child.wait()

    def _make_keys_and_map(self, ports: tuple[int, int]) -> None:
        caps = ["--cap", "mon", "allow *", "--cap", "osd", "allow *"]
        new = ["--create-keyring", str(self._keyring), "--gen-key", "-n", "client.rgw"]
        self._plain("ceph-authtool", *new, *caps)
        place = f"[v2:127.0.0.1:{ports[0]},v1:127.0.0.1:{ports[1]}]"
        fresh = ["--create", "--clobber", "--fsid", _CLUSTER, "--addv", "a", place]
        self._plain("monmaptool", *fresh, str(self._folder / "monmap"))

    def _serve(self, program: str, *arguments: str) -> None:
        with (self._folder / f"{program}.out").open("wb") as output:
            self._children.append(
                subprocess.Popen(
                    [program, "-c", str(self._conf), *arguments], stdout=output, stderr=output
                )
            )

    def _run(self, program: str, *arguments: str) -> None:
        self._plain(program, "-c", str(self._conf), *arguments)

    def _plain(self, *command: str) -> None:
        with (self._folder / "commands.out").open("ab") as output:
            subprocess.run(command, check=True, timeout=60, stdout=output, stderr=output)

    def _ask(self, *question: str) -> str | None:
        command = ["ceph", "-c", str(self._conf), "--connect-timeout", "2", *question]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=5, check=False)
        except subprocess.TimeoutExpired:
            return None
        return done.stdout if done.returncode == 0 else None


def _until(happened: Callable[[], bool], what: str, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > end:
            raise RuntimeError(f"never: {what}")
        time.sleep(0.1)


def _answers(url: str) -> bool:
    try:
        urllib.request.urlopen(url, timeout=2).close()  # noqa: S310 - our own http address
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def _configuration(folder: Path, port: int, monitor: tuple[int, int]) -> str:
    """One monitor and one disk in memory, without secrets between them."""
    return f"""
[global]
fsid = {_CLUSTER}
mon host = [v2:127.0.0.1:{monitor[0]},v1:127.0.0.1:{monitor[1]}]
public addr = 127.0.0.1
auth cluster required = none
auth service required = none
auth client required = none
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pgp num = 1
osd pool default pg autoscale mode = off
mon allow pool size one = true
mon warn on pool no redundancy = false
mon max pg per osd = 1000
osd crush chooseleaf type = 0
run dir = {folder}
log file = {folder}/$name.log
admin socket = {folder}/$name.asok
pid file = {folder}/$name.pid
crash dir = {folder}
exporter = false
[mon.a]
mon data = {folder}/mon
mon cluster log file = {folder}/cluster.log
mon pg warn min per osd = 0
mon data avail crit = 1
[osd.0]
osd data = {folder}/osd
osd objectstore = memstore
memstore device bytes = 4294967296
osd memory target = 939524096
osd class load list = *
osd class default list = *
[client.rgw]
rgw frontends = beast endpoint=127.0.0.1:{port}
rgw thread pool size = 32
rgw enable usage log = false
rgw enable ops log = false
rgw dns name = localhost
ms mon client mode = crc
auth client required = none
"""
