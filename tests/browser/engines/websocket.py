"""A small WebSocket client (RFC 6455), enough to talk to a browser on this machine."""

import base64
import os
import socket
import struct

_TEXT, _CLOSE, _PING, _PONG = 1, 8, 9, 10


class Connection:
    """Text messages to and from a local server."""

    def __init__(self, port: int, path: str, timeout: float = 60) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout)
        self._file = self._socket.makefile("rb")
        self._greet(port, path)

    def _greet(self, port: int, path: str) -> None:
        key = base64.b64encode(os.urandom(16)).decode()
        self._socket.sendall(
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
            "Sec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        status = self._file.readline()
        while self._file.readline().strip():
            pass
        if b" 101 " not in status:
            raise ConnectionError(status.decode().strip())

    def send(self, text: str) -> None:
        """Send one message."""
        self._send(_TEXT, text.encode())

    def receive(self) -> str:
        """Wait for the next message."""
        message = b""
        while True:
            kind, last, payload = self._frame()
            if kind == _CLOSE:
                raise ConnectionError("the browser closed the connection")
            if kind == _PING:
                self._send(_PONG, payload)
            if kind >= _CLOSE:
                continue
            message += payload
            if last:
                return message.decode()

    def close(self) -> None:
        """Hang up."""
        self._file.close()
        self._socket.close()

    def _send(self, kind: int, payload: bytes) -> None:
        size = len(payload)
        if size < 126:
            length = bytes([0x80 | size])
        elif size < 1 << 16:
            length = struct.pack(">BH", 0x80 | 126, size)
        else:
            length = struct.pack(">BQ", 0x80 | 127, size)
        mask = os.urandom(4)
        repeated = (mask * (size // 4 + 1))[:size]
        masked = int.from_bytes(payload) ^ int.from_bytes(repeated)
        self._socket.sendall(bytes([0x80 | kind]) + length + mask + masked.to_bytes(size))

    def _frame(self) -> tuple[int, bool, bytes]:
        first, second = self._read(2)
        size = second & 0x7F
        if size == 126:
            (size,) = struct.unpack(">H", self._read(2))
        elif size == 127:
            (size,) = struct.unpack(">Q", self._read(8))
        return first & 0x0F, bool(first & 0x80), self._read(size)

    def _read(self, count: int) -> bytes:
        data = self._file.read(count)
        if len(data) < count:
            raise ConnectionError("the browser hung up")
        return data
