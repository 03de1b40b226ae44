"""Who may ask for what: whatever is not listed here wants a sign-in."""

from flask import Flask

# what a stranger may ask for; a rule that is missing here must refuse them
OPEN = {
    ("GET", "/health"),
    ("GET", "/health/db"),
    ("GET", "/health/storage"),
    ("GET", "/static/<path:filename>"),
    ("GET", "/v/<code>"),
    ("GET", "/v/<code>/marker"),
    ("GET", "/v/<code>/photo"),
    ("GET", "/v/<code>/video/<uuid:video_id>"),
}
REFUSED = {401, 403, 302, 303}
NOTHING = "00000000-0000-7000-8000-000000000000"


def test_a_stranger_gets_what_is_open_and_nothing_else(vertex_app: Flask) -> None:
    browser = vertex_app.test_client()
    urls = vertex_app.url_map.bind("localhost")
    open_to_strangers = set()

    for rule in vertex_app.url_map.iter_rules():
        url = urls.build(rule.endpoint, dict.fromkeys(rule.arguments, NOTHING))
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            if browser.open(url, method=method).status_code not in REFUSED:
                open_to_strangers.add((method, rule.rule))

    assert open_to_strangers == OPEN


def test_nothing_is_changed_by_looking(vertex_app: Flask) -> None:
    changing = {"POST", "PUT", "PATCH", "DELETE"}

    for rule in vertex_app.url_map.iter_rules():
        methods = rule.methods or set()
        assert not (methods & changing and "GET" in methods) or rule.endpoint.endswith(
            ("create", "edit")
        ), rule.rule
