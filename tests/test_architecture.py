"""The map of the code, kept true by machine. Change it on purpose or not at all."""

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest
from flask import Flask, g
from jinja2 import nodes

import vertex
from tests.conftest import add_open_view

ROOT = Path(vertex.__file__).parent

# A package may import itself and what stands to its right; nothing else of ours.
MAY_IMPORT = {
    "factory": {
        "blueprints", "cli", "extensions", "jobs", "runtime", "settings", "web",
    },
    # the page of jobs steers them
    "blueprints": {
        "jobs", "web", "services", "models", "extensions", "runtime", "storage", "errors",
    },
    # `flask jobs run` is the job runner, by hand
    "cli": {"jobs", "web", "services", "models", "runtime", "errors"},
    # a Celery worker is a process of its own: it makes its app, like wsgi.py; an export is made of
    # the customer's page
    "jobs": {
        "web", "services", "models", "runtime", "errors", "queue", "settings", "create_app",
    },
    # letters are written there, in the language of who reads them
    "web": {"services", "models", "storage", "mail", "extensions", "runtime", "settings", "errors"},
    "services": {
        "models", "storage", "queue", "mail", "media", "recogniser", "extensions", "settings",
        "errors",
    },
    "models": {"extensions"},
    "runtime": {"storage", "queue", "settings"},
    "storage": {"settings"},
    "queue": set(),
    "mail": set(),
    "media": set(),
    "recogniser": set(),
    "extensions": set(),
    "settings": {"mail", "setting_types"},
    "setting_types": set(),
    "errors": set(),
}  # fmt: skip
LEAVES = {"recogniser", "mail", "media", "storage", "queue", "settings", "errors"}
WARPS_PICTURES = {"recogniser/views.py", "recogniser/proof/"}

LONGEST_MODULE = 300
LONGEST_FUNCTION = 40


def modules() -> list[tuple[str, Path]]:
    """Each module with the part of the map it belongs to."""
    files = (path for path in sorted(ROOT.rglob("*.py")) if path != ROOT / "__init__.py")
    return [(path.relative_to(ROOT).with_suffix("").parts[0], path) for path in files]


def tree(path: Path) -> ast.Module:
    """The parsed module."""
    return ast.parse(path.read_text())


def imports(path: Path) -> set[str]:
    """The full names of all that a module imports, wherever in it."""
    names: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: write imports in full"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def name(value: object) -> str:
    """A test's id: the module's path inside the package."""
    return value.relative_to(ROOT).as_posix() if isinstance(value, Path) else ""


each_module = pytest.mark.parametrize(("part", "path"), modules(), ids=name)


@each_module
def test_imports_go_one_way(part: str, path: Path) -> None:
    found = imports(path)

    ours = {name.split(".")[1] for name in found if name.startswith("vertex.")}

    assert ours - {part} <= MAY_IMPORT[part]


@each_module
def test_leaves_know_nothing_of_flask(part: str, path: Path) -> None:
    found = {name.split(".")[0] for name in imports(path)}

    if part in LEAVES:
        assert not {name for name in found if name.startswith(("flask", "werkzeug"))}


@each_module
def test_only_services_hold_the_session(part: str, path: Path) -> None:
    assert part in ("services", "extensions") or "vertex.extensions.db" not in imports(path)


@each_module
def test_only_the_outermost_block_commits(part: str, path: Path) -> None:
    calls = {ast.unparse(node.func) for node in ast.walk(tree(path)) if isinstance(node, ast.Call)}

    if name(path) != "services/_transaction.py":
        assert not {call for call in calls if call.endswith("session.commit")}


@each_module
def test_the_environment_is_read_by_settings_alone(part: str, path: Path) -> None:
    if part != "settings":
        assert not {"os.environ", "os.getenv"} & names_used(path)


@each_module
def test_cv2_recognises_nothing(part: str, path: Path) -> None:
    if part == "recogniser" and not name(path).startswith(tuple(WARPS_PICTURES)):
        assert not {found for found in imports(path) if found.split(".")[0] == "cv2"}


@each_module
def test_a_module_fits_in_the_head(part: str, path: Path) -> None:
    assert len(path.read_text().splitlines()) <= LONGEST_MODULE
    too_long = {
        node.name: length
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or 0) - node.lineno + 1) > LONGEST_FUNCTION
    }
    assert not too_long


@each_module
def test_a_module_says_what_it_is_about(part: str, path: Path) -> None:
    assert ast.get_docstring(tree(path))


@each_module
def test_no_secret_has_a_default(part: str, path: Path) -> None:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.AnnAssign) and "Secret" in ast.unparse(node.annotation):
            assert node.value is None or ast.unparse(node.value) == "None"


def test_services_call_each_other_in_one_direction() -> None:
    graph = {
        path.stem: {
            found.split(".")[2] for found in imports(path) if found.startswith("vertex.services.")
        }
        - {path.stem}
        for path in (ROOT / "services").glob("*.py")
    }

    TopologicalSorter(graph).prepare()  # raises CycleError, naming the circle


def test_a_fragment_is_a_block_and_an_element(vertex_app: Flask) -> None:
    for template, fragment in fragments():
        source = (ROOT / "templates" / template).read_text()
        blocks = {block.name for block in vertex_app.jinja_env.parse(source).find_all(nodes.Block)}
        assert fragment in blocks, template
        assert f'id="{fragment}"' in source, template


def test_a_fragment_brings_its_own_imports(vertex_app: Flask) -> None:
    for path in (ROOT / "templates").rglob("*.html"):
        page = vertex_app.jinja_env.parse(path.read_text())
        if page.find(nodes.Extends):
            loose = [
                node
                for node in page.body
                if isinstance(node, nodes.Import | nodes.FromImport | nodes.Assign)
            ]
            assert not loose, f"{path}: import and set inside the block that uses them"


def test_requests_of_one_test_share_nothing(vertex_app: Flask) -> None:
    add_open_view(vertex_app, "/count", lambda: str("n" in g or g.setdefault("n", "new")))
    browser = vertex_app.test_client()

    assert [browser.get("/count").text, browser.get("/count").text] == ["new", "new"]


def names_used(path: Path) -> set[str]:
    """Dotted names as written in a module."""
    return {ast.unparse(node) for node in ast.walk(tree(path)) if isinstance(node, ast.Attribute)}


def fragments() -> Iterator[tuple[str, str]]:
    """Each (template, fragment) pair that some view offers."""
    for path in (ROOT / "blueprints").rglob("*.py"):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "render_page":
                for keyword in node.keywords:
                    if keyword.arg == "fragments":
                        template = ast.literal_eval(node.args[0])
                        for fragment in ast.literal_eval(keyword.value):
                            yield template, fragment
