"""A line to a database that breaks at the very moment a change is stored."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

_CHUNK = 1 << 16


@dataclass
class Line:
    """Passes on what both sides say, until the COMMIT that follows a word which was heard.

    That COMMIT is passed on or not; its answer never is: both sides find the line closed.
    """

    target: int
    word: bytes
    passing_on: bool
    cut: threading.Event = field(default_factory=threading.Event)
    _socket: socket.socket = field(default_factory=socket.socket)

    @property
    def port(self) -> int:
        """Where the line begins."""
        port: int = self._socket.getsockname()[1]
        return port

    def serve(self) -> None:
        """Take calls until the listening end is closed."""
        while True:
            try:
                caller, _ = self._socket.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self.target))
            lost = threading.Event()
            for work in (
                (self._listen, caller, server, lost),
                (self._answer, server, caller, lost),
            ):
                threading.Thread(target=work[0], args=work[1:], daemon=True).start()

    def _listen(self, caller: socket.socket, server: socket.socket, lost: threading.Event) -> None:
        heard = b""
        with suppress(OSError):
            while said := caller.recv(_CHUNK):
                heard = heard[-_CHUNK:] + said
                if b"COMMIT" in said and self.word in heard and not self.cut.is_set():
                    lost.set()
                    self.cut.set()
                    if self.passing_on:
                        server.sendall(said)
                        return  # the other thread ends it with the answer
                    break
                server.sendall(said)
        _close(caller, server)

    def _answer(self, server: socket.socket, caller: socket.socket, lost: threading.Event) -> None:
        with suppress(OSError):
            while (said := server.recv(_CHUNK)) and not lost.is_set():
                caller.sendall(said)
        _close(caller, server)


@contextmanager
def breaking_line(target: int, *, word: bytes, passing_on: bool) -> Iterator[Line]:
    """A line to a port of this machine, for as long as the block lasts."""
    line = Line(target, word, passing_on)
    with line._socket as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        threading.Thread(target=line.serve, daemon=True).start()
        yield line
        listening.shutdown(socket.SHUT_RDWR)


def _close(*ends: socket.socket) -> None:
    for end in ends:
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()
