"""Waiting for what a browser will show, instead of guessing how long it takes."""

from playwright.sync_api import Page

WITHIN = 30_000  # ms; a shared machine is slow at times


def until(page: Page, condition: str, within: int = WITHIN) -> None:
    """Poll a condition; Playwright's own way of waiting needs the eval that our policy forbids.

    Raises AssertionError if it never becomes true.
    """
    for _ in range(within // 100):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"never true: {condition}")


def until_played(page: Page, seconds: float, video: str = "#portrait-video") -> float:
    """Where the video is, once it has come that far."""
    time = f"document.querySelector({video!r}).currentTime"
    until(page, f"{time} >= {seconds}")
    return float(page.evaluate(time))
