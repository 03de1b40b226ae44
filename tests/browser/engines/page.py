"""What every driven browser offers, in the words Playwright uses for Chromium."""

import json
import time
from abc import ABC, abstractmethod
from typing import Any

# The value of an expression, or of the function it is, as JSON: so that all engines answer alike.
CALL = """
(async () => {{
  const it = ({source});
  return JSON.stringify({{value: await (typeof it === 'function' ? it({argument}) : it)}});
}})()
"""


class JavascriptError(Exception):
    """The page's code threw; the message is the page's own."""


class Driven(ABC):
    """A page of a browser that is not Chromium."""

    engine: str

    @abstractmethod
    def goto(self, url: str) -> None:
        """Open an address and wait until it is loaded."""

    @abstractmethod
    def click(self, selector: str) -> None:
        """Click the middle of the first element that matches, as a hand would."""

    @abstractmethod
    def screenshot(self) -> bytes:
        """A PNG of what the window shows."""

    @abstractmethod
    def _answer(self, source: str) -> str:
        """Run an expression whose value is a promise of a string, beside the page's own code."""

    def evaluate(self, source: str, argument: Any = None) -> Any:
        """Call a function (or read an expression) in the page; values travel as JSON."""
        call = CALL.format(source=source, argument=json.dumps(argument))
        return json.loads(self._answer(call)).get("value")

    def wait_for(self, condition: str, seconds: float = 20) -> None:
        """Poll an expression until it is true."""
        end = time.monotonic() + seconds
        while not self.evaluate(condition):
            if time.monotonic() > end:
                raise AssertionError(f"{self.engine}: never true: {condition}")
            time.sleep(0.1)
