"""What axe-core finds wrong on a page."""

import subprocess
from pathlib import Path

from playwright.sync_api import Page

from tests.servers.presence import lacking

ROOT = Path(__file__).parents[2]
_RULES = """
axe.run(document, {resultTypes: ['violations']}).then((result) => result.violations
  .filter((found) => ['serious', 'critical'].includes(found.impact))
  .map((found) => [found.id, found.nodes.map((node) => node.html + ' ' + node.failureSummary)]))
"""


def source() -> str:
    """The source of axe-core, as npm has it."""
    done = subprocess.run(
        ["bash", ".ci/axe"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        lacking("axe-core (npm)")
    return Path(done.stdout.strip()).read_text()


def judge(page: Page, axe: str) -> list[object]:
    """What is serious on this page."""
    page.evaluate(f"{axe};0")
    return [(page.url, violation) for violation in page.evaluate(_RULES)]
