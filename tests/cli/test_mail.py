"""`flask mail` and what `flask doctor` says of e-mail."""

from flask import Flask

from tests.cli.test_doctor import examine
from tests.conftest import MakeApp
from tests.servers.mail import taking_mail
from tests.servers.vertex_server import free_port


def try_it(app: Flask, address: str = "anna@example.com") -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["mail", "test", address])
    return result.exit_code, result.output


def test_a_test_arrives(make_app: MakeApp) -> None:
    with taking_mail() as box:
        code, said = try_it(make_app(**box.settings))

    assert (code, said) == (0, "127.0.0.1 has taken the e-mail to anna@example.com.\n")
    assert box.messages[0]["Subject"] == "Vertex AR: a test"


def test_what_is_wrong_is_said(make_app: MakeApp) -> None:
    with taking_mail() as box:
        box.refusals["anna@example.com"] = "550 No such mailbox"
        app = make_app(**box.settings)
        refused, malformed = try_it(app), try_it(app, "anna")
    unset = try_it(make_app())

    assert (refused[0], malformed[0], unset[0]) == (1, 1, 1)
    assert "The server has not taken it: 550 No such mailbox" in refused[1]
    assert "not an e-mail address" in malformed[1]
    assert "VERTEX_SMTP_HOST" in unset[1]


def test_the_doctor_knows_whether_the_server_takes_it(make_app: MakeApp) -> None:
    with taking_mail() as box:
        _, sound = examine(make_app(**box.settings))
    away = {**box.settings, "smtp_port": free_port()}
    code, broken = examine(make_app(**away))
    _, unset = examine(make_app())

    assert sound["e-mail"][0] == "ok"
    assert (code, broken["e-mail"][0]) == (1, "fail")
    assert "refused" in broken["e-mail"][1]
    assert unset["e-mail"][0] == "ok"
    assert "copied" in unset["e-mail"][1]
