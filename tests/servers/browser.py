"""A browser without a screen, for real servers: cookies, and the tokens of its pages."""

import http.client
import re
from urllib.parse import urlencode

from tests.web.staff import PASSWORD


class Browser:
    """Keeps cookies, and the token of its pages."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}

    def ask(
        self, method: str, path: str, body: bytes | None = None, kind: str = ""
    ) -> tuple[int, str, http.client.HTTPMessage]:
        """Status, text and headers of the answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        headers = {"Cookie": self.cookie, **({"Content-Type": kind} if kind else {})}
        try:
            connection.request(method, path, body, headers)
            reply = connection.getresponse()
            text = reply.read().decode()
        finally:
            connection.close()
        for cookie in reply.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return reply.status, text, reply.headers

    @property
    def cookie(self) -> str:
        """What the browser sends along."""
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def hidden(self, path: str, name: str) -> str:
        """A hidden value of the form on this page."""
        found = re.search(rf'name="{name}"[^>]*value="([^"]+)"', self.ask("GET", path)[1])
        assert found
        return found.group(1)

    def action(self, path: str, form: str) -> str:
        """Where the form of this id on this page is sent."""
        found = re.search(rf'id="{form}"[^>]*action="([^"]+)"', self.ask("GET", path)[1])
        assert found
        return found.group(1)

    def sign_in(self, username: str = "olga") -> None:
        """Sign in, as Olga unless somebody else is named."""
        token = self.hidden("/login", "csrf_token")
        form = f"username={username}&password={PASSWORD.replace(' ', '+')}&csrf_token={token}"
        kind = "application/x-www-form-urlencoded"
        assert self.ask("POST", "/login", form.encode(), kind)[0] == 303

    def post(self, path: str, **form: str) -> int:
        """Send a form with this session's token; the status of the answer."""
        found = re.search(r'"X-CSRFToken": "([^"]+)"', self.ask("GET", "/account")[1])
        assert found
        fields = {**form, "csrf_token": found.group(1)}
        kind = "application/x-www-form-urlencoded"
        return self.ask("POST", path, urlencode(fields).encode(), kind)[0]
