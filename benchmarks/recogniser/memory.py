"""What a page holds once its rubbish is collected: its own heap, its Worker's, and its process."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from playwright.sync_api import CDPSession, Page

from benchmarks.recogniser.burdens import renderers

READINGS = 5
WAIT = 5_000  # ms for a Worker's answer


def held(page: Page, profile: Path) -> dict[str, float]:
    """MB: the page's JavaScript, its Workers' JavaScript, and what its process has in RAM."""
    session = page.context.new_cdp_session(page)
    workers = _workers(session)
    try:
        for worker in (None, *workers):
            _ask(page, session, worker, "HeapProfiler.collectGarbage")
        heaps = [_ask(page, session, worker, "Runtime.getHeapUsage") for worker in (None, *workers)]
    finally:
        session.detach()
    used = [float(heap["usedSize"]) / 1e6 for heap in heaps]
    resident = [_resident(profile)]
    for _ in range(READINGS - 1):  # the least of a second: frames under way come and go
        page.wait_for_timeout(1000 / READINGS)
        resident.append(_resident(profile))
    return {"page": used[0], "worker": sum(used[1:]), "resident": min(resident)}


def _workers(session: CDPSession) -> list[str]:
    """The sessions of the page's Workers."""
    found: list[str] = []
    session.on("Target.attachedToTarget", lambda event: found.append(event["sessionId"]))
    # not flat: Playwright hides the sessions it has not opened itself
    session.send(
        "Target.setAutoAttach",
        {"autoAttach": True, "waitForDebuggerOnStart": False, "flatten": False},
    )
    return found


def _ask(page: Page, session: CDPSession, worker: str | None, method: str) -> dict[str, Any]:
    """The page's answer to a command of DevTools, or a Worker's."""
    if worker is None:
        answer: dict[str, Any] = session.send(method)
        return answer
    heard: list[dict[str, Any]] = []
    session.on(
        "Target.receivedMessageFromTarget", lambda event: heard.append(json.loads(event["message"]))
    )
    message = json.dumps({"id": 1, "method": method})
    session.send("Target.sendMessageToTarget", {"sessionId": worker, "message": message})
    for _ in range(WAIT // 50):
        if answers := [one for one in heard if one.get("id") == 1]:
            result: dict[str, Any] = answers[0]["result"]
            return result
        page.wait_for_timeout(50)
    raise RuntimeError(f"the Worker does not answer to {method}")


def _resident(profile: Path) -> float:
    """MB of RAM of the page's process; what it shares with others is counted by its share."""
    sizes = [0]
    for process in renderers(profile):  # the page's is the largest: another may wait for a page
        with suppress(OSError):
            rolled = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
            sizes += [int(line.split()[1]) for line in rolled if line.startswith("Pss:")]
    return max(sizes) / 1000
