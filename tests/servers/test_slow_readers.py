"""Customers on bad lines do not stop the studio, nor do they hold its database."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import psycopg
import pytest

from tests.pictures import astronaut, jpeg
from tests.servers.browser import Browser
from tests.servers.ceph import Ceph
from tests.servers.postgres import Postgres
from tests.servers.test_uploads import MEGABYTE, large_video
from tests.servers.vertex_server import Installation
from tests.web.staff import PASSWORD

READERS = 40
RATE = 50_000  # bytes/s of each
PAGES = 20


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    folder = tmp_path_factory.mktemp("slow") / "instance"
    folder.mkdir()
    with serving(Installation(folder)) as studio:
        yield studio


@contextmanager
def serving(installation: Installation) -> Iterator[Installation]:
    installation.flask("db", "upgrade")
    installation.flask("media", "init")
    installation.make_admin("olga", PASSWORD)
    installation.start()
    try:
        yield installation
    finally:
        installation.stop()


class Reader:
    """Takes a file as slowly as a bad line does."""

    def __init__(self, port: int, path: str, cookie: str) -> None:
        self.taken, self.ended = 0, False
        self._line = socket.socket()
        # the kernel must not take for us what we have not read
        self._line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16 * 1024)
        self._line.connect(("127.0.0.1", port))
        head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {cookie}\r\n\r\n"
        self._line.sendall(head.encode())
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._read)
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join()
        self._line.close()

    def _read(self) -> None:
        while not self._stopping.wait(0.1):
            content = self._line.recv(RATE // 10)
            self.taken += len(content)
            if not content:
                self.ended = True
                return


@contextmanager
def readers(studio: Installation, path: str, cookie: str, number: int) -> Iterator[list[Reader]]:
    """So many at once, all of whom have begun to receive."""
    with ExitStack() as stack:
        found = [Reader(studio.port, path, cookie) for _ in range(number)]
        for reader in found:
            stack.callback(reader.stop)
        for _ in range(100):
            if all(reader.taken for reader in found):
                break
            time.sleep(0.1)
        yield found


def film_of(studio: Installation, folder: Path) -> str:
    """The address of a film of 50 MB, for staff."""
    (folder / "portrait.jpg").write_bytes(jpeg(astronaut()))
    film = large_video(folder / "film.mp4", 50 * MEGABYTE)
    summary = studio.import_portrait(folder / "portrait.jpg", film)
    return f"/portraits/{summary['portrait']}/source"


def assert_pages_answer_beside_slow_readers(
    studio: Installation, folder: Path, connections: Callable[[], int]
) -> None:
    path = film_of(studio, folder)
    olga = Browser(studio.port)
    olga.sign_in()

    with readers(studio, path, olga.cookie, READERS) as slow:
        statuses = [olga.ask("GET", url)[0] for url in ("/", "/portraits") for _ in range(PAGES)]
        taken = [reader.taken for reader in slow]
        still_reading = [reader for reader in slow if not reader.ended]
        held = connections()

    assert statuses == [200] * 2 * PAGES
    assert len(still_reading) == READERS
    assert min(taken) > 0
    assert held < READERS // 2  # the pool keeps eight; the readers have none


def test_pages_answer_while_forty_take_their_time(studio: Installation, tmp_path: Path) -> None:
    def connections() -> int:
        found = 0
        for link in Path(f"/proc/{studio.worker_pid}/fd").iterdir():
            with suppress(FileNotFoundError):  # closed since it was listed
                found += link.readlink().name == "vertex.sqlite3"
        return found

    assert_pages_answer_beside_slow_readers(studio, tmp_path, connections)


@pytest.mark.xdist_group("ceph")
def test_pages_answer_while_forty_read_from_a_bucket(
    tmp_path: Path, postgres: Postgres, migrated_postgresql: str, ceph: Ceph
) -> None:
    name = postgres.new_database(migrated_postgresql)
    (tmp_path / "instance").mkdir()
    given = {f"VERTEX_{key.upper()}": str(value) for key, value in ceph.settings().items()}
    given["VERTEX_DATABASE_URL"] = postgres.url(name)

    def connections() -> int:
        query = "SELECT state FROM pg_stat_activity WHERE datname = %s"
        with psycopg.connect(postgres.url()) as connection:
            states = [state for (state,) in connection.execute(query, [name])]
        # jobs and the clock have a transaction of their own now and then
        assert sum(str(state).startswith("idle in transaction") for state in states) <= 3
        return len(states)

    with serving(Installation(tmp_path / "instance", settings=given)) as studio:
        assert_pages_answer_beside_slow_readers(studio, tmp_path, connections)


def test_more_than_there_are_places_for_are_asked_to_come_again(
    studio: Installation, tmp_path: Path
) -> None:
    path = film_of(studio, tmp_path)
    olga = Browser(studio.port)
    olga.sign_in()

    with readers(studio, path, olga.cookie, 80):  # of 96 threads, 16 are kept for pages
        status, _, headers = olga.ask("GET", path)
        page = olga.ask("GET", "/portraits")[0]

    assert (status, headers["Retry-After"]) == (503, "2")
    assert page == 200
    for _ in range(50):  # their places are free again once they are gone
        if olga.ask("HEAD", path)[0] == 200:
            return
        time.sleep(0.1)
    raise AssertionError("no place became free")
