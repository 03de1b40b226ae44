"""A thin line in front of a server: every byte, of page and Worker alike, waits its turn.

A browser's own throttling does not reach what a Worker fetches.
"""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

_PIECE = 1460  # bytes: what one packet of TCP carries


@dataclass(frozen=True)
class Speed:
    """What a line carries: bits a second each way, and the seconds of a round trip."""

    down: int
    up: int
    round_trip: float


# What Chromium's developer tools call fast 3G, before their correction for what lies above TCP.
FAST_3G = Speed(down=1_600_000, up=750_000, round_trip=0.15)


class _Way:
    """One direction, shared by all connections: pieces leave one after the other."""

    def __init__(self, rate: int, late: float) -> None:
        self._rate, self._late = rate, late
        self._free = 0.0
        self.bytes = 0

    async def leave(self, size: int) -> float:
        """Wait until a piece has left; when it arrives, on the loop's clock."""
        now = asyncio.get_running_loop().time()
        self._free = max(now, self._free) + size * 8 / self._rate
        self.bytes += size
        await asyncio.sleep(self._free - now)
        return self._free + self._late


class Line:
    """The near end of a line to a server on this machine."""

    def __init__(self, far: int, speed: Speed) -> None:
        self._far, self._speed = far, speed
        self._down = _Way(speed.down, speed.round_trip / 2)
        self._up = _Way(speed.up, speed.round_trip / 2)
        self.port = 0

    @property
    def fetched(self) -> int:
        """Bytes that have come down it so far."""
        return self._down.bytes

    async def open(self) -> asyncio.Server:
        """Listen on this machine alone."""
        server = await asyncio.start_server(self._connect, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        return server

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(self._speed.round_trip)  # TCP's greeting
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._far)
        await asyncio.gather(
            _carry(reader, far_writer, self._up), _carry(far_reader, writer, self._down)
        )


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, way: _Way) -> None:
    under_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

    async def arrive() -> None:
        while True:
            at, piece = await under_way.get()
            await asyncio.sleep(at - asyncio.get_running_loop().time())
            if not piece:
                break
            writer.write(piece)
            await writer.drain()
        writer.close()

    async def leave() -> None:
        with suppress(ConnectionError):
            while piece := await reader.read(_PIECE):
                under_way.put_nowait((await way.leave(len(piece)), piece))
        under_way.put_nowait((0.0, b""))

    with suppress(ConnectionError):
        await asyncio.gather(leave(), arrive())


@contextmanager
def opened(far: int, speed: Speed) -> Iterator[Line]:
    """A line to the server at this port, while the block runs."""
    line = Line(far, speed)
    loop = asyncio.new_event_loop()
    # a browser that is closed leaves connections in the middle of something
    loop.set_exception_handler(lambda _loop, _context: None)
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    server = asyncio.run_coroutine_threadsafe(line.open(), loop).result()
    try:
        yield line
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
