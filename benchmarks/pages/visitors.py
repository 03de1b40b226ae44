"""Somebody of the staff at a seeded studio: signed in, and what their pages are called."""

# ruff: noqa: RUF001 - the seeded clients are Russian

import http.client
import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from benchmarks.pages.studios import WHO
from tests.servers.browser import Browser
from tests.servers.vertex_server import Installation

_IDLE = 3  # s; the server lets go of a connection after five
_MORE = re.compile(r"[?&](?:amp;)?after=([0-9a-f-]{36})")


@dataclass(frozen=True, slots=True)
class Answer:
    """How long a page took, ms: until it was there, and of processors, the database's too."""

    ms: float
    cpu: float
    size: int  # bytes


class Visitor:
    """Asks a server for pages as one browser does, one after another on one connection."""

    def __init__(self, studio: Installation, database: int | None = None) -> None:
        self.studio = studio
        self._database = database
        self._line = http.client.HTTPConnection("127.0.0.1", studio.port, timeout=120)
        self._used = time.monotonic()
        self._browser = Browser(studio.port)
        self._browser.sign_in(WHO)

    def ask(self, path: str) -> Answer:
        """Ask for a page."""
        cpu, began = self._cpu(), time.perf_counter()
        text = self.read(path)
        return Answer((time.perf_counter() - began) * 1000, self._cpu() - cpu, len(text))

    def read(self, path: str) -> str:
        """Return the text of a page."""
        if time.monotonic() - self._used > _IDLE:
            self._line.close()  # the next request opens it again
        self._line.request("GET", path, headers={"Cookie": self._browser.cookie})
        reply = self._line.getresponse()
        text = reply.read().decode()
        self._used = time.monotonic()
        if reply.status != 200:
            raise RuntimeError(f"{path}: {reply.status}")
        return text

    def pages(self) -> dict[str, str]:
        """Return the addresses of the pages that are measured, by what they are."""
        order = self._first("/orders?status=delivered", "orders")
        portrait = self._first("/portraits", "portraits")
        client = self._first("/clients?q=" + quote("а"), "clients")
        number = re.search(r"\d{4}-\d{4,}", self.read(f"/orders/{order}"))
        surname = {"q": "Смирнова Анна"}
        return {
            "first page": "/",
            "orders: open": "/orders",
            "orders: all": "/orders?all=1",
            "orders: all, further on": f"/orders?all=1&after={self._far('/orders?all=1')}",
            "orders: delivered": "/orders?status=delivered",
            "orders: owed": "/orders?owing=1",
            "orders: search, a first name": "/orders?" + urlencode({"q": "анна"}),
            "orders: search, product": "/orders?" + urlencode({"q": "портрет"}),
            "orders: search, number": "/orders?" + urlencode({"q": number[0] if number else "1"}),
            "orders: search, nothing": "/orders?q=zzqqxx",
            "orders: search, one letter": "/orders?" + urlencode({"q": "щ"}),
            "orders: search, two digits": "/orders?" + urlencode({"q": "42"}),
            "orders: search, a sign": "/orders?" + urlencode({"q": "★"}),
            "board": "/orders/board",
            "an order": f"/orders/{order}",
            "clients": "/clients",
            "clients: further on": f"/clients?after={self._far('/clients')}",
            "clients: search, a first name": "/clients?" + urlencode({"q": "анна"}),
            "clients: search, last in the alphabet": "/clients?" + urlencode({"q": "татьяна"}),
            "clients: search, two names": "/clients?" + urlencode(surname),
            "clients: search, part of a phone": "/clients?" + urlencode({"q": "+7 916"}),
            "clients: search, two letters": "/clients?" + urlencode({"q": "ан"}),
            "clients: search, one letter": "/clients?" + urlencode({"q": "а"}),
            "clients: search, a rare letter": "/clients?" + urlencode({"q": "щ"}),
            "clients: search, a sign": "/clients?" + urlencode({"q": "%"}),
            "a client": f"/clients/{client}",
            "portraits": "/portraits",
            "portraits: further on": f"/portraits?after={self._far('/portraits')}",
            "portraits: without a video": "/portraits?only=no_video",
            "portraits: search, a first name": "/portraits?" + urlencode({"q": "анна"}),
            "portraits: search, one letter": "/portraits?" + urlencode({"q": "щ"}),
            "a portrait": f"/portraits/{portrait}",
            "jobs": "/jobs",
            "notifications": "/notifications",
        }

    def _far(self, path: str) -> str:
        """Return where the list goes on after some pages."""
        after = ""
        for _ in range(5):
            joint = "&" if "?" in path else "?"
            found = _MORE.search(self.read(f"{path}{joint}after={after}" if after else path))
            if found is None:
                break
            after = found[1]
        return after

    def _first(self, path: str, kind: str) -> str:
        found = re.search(rf'href="/{kind}/([0-9a-f-]{{36}})"', self.read(path))
        if found is None:
            raise RuntimeError(f"{path} shows nothing")
        return found[1]

    def _cpu(self) -> float:
        """Ms of processors that server and database have used; of a database all that it runs."""
        used = _used(self.studio.worker_pid)
        return used if self._database is None else used + _of_all(self._database)


def _used(process: int) -> float:
    """Ms by /proc/PID/schedstat of each thread: finer than the kernel's clock."""
    total = 0
    for thread in Path(f"/proc/{process}/task").iterdir():
        try:
            total += int((thread / "schedstat").read_text().split()[0])
        except (FileNotFoundError, ProcessLookupError):
            continue
    return total / 1e6


def _of_all(parent: int) -> float:
    children: Any = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return sum(_used(int(child)) for child in children if Path(f"/proc/{child}").exists())
