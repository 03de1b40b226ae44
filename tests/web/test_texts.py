"""The page of the studio's own words."""

from tests.web.staff import Staff
from vertex.models import LetterKind
from vertex.services import texts
from vertex.web.letters import standard

OURS = "Hello {client},"


def words(**given: str) -> dict[str, str]:
    """What the form holds, but for what is given."""
    form = {f"{kind}_{part}": "{link}" for kind in LetterKind for part in ("subject", "text")}
    return {**form, "language": "en", "version": "0", **given}


def test_ours_are_there_in_each_language(olga: Staff) -> None:
    assert OURS in olga.get("/settings/texts").text
    assert "Здравствуйте, {client}!" in olga.get("/settings/texts?language=ru").text
    assert olga.get("/settings/texts?language=fr").status_code == 404


def test_what_is_saved_is_what_clients_are_written(olga: Staff) -> None:
    form = words(share_subject="For {client}", share_text="Dear {client}:\n{link}")

    reply = olga.post("/settings/texts", form)

    assert reply.status_code == 303
    own = texts.get("en").own[LetterKind.SHARE]
    assert (own.subject, own.text) == ("For {client}", "Dear {client}:\n{link}")
    assert texts.get("ru").own == {}


def test_ours_word_for_word_stay_ours(olga: Staff) -> None:
    with olga.client.application.test_request_context():
        ours = standard(LetterKind.SHARE, "en")
    form = words(share_subject=ours.subject, share_text=ours.text.replace("\n", "\r\n"))

    olga.post("/settings/texts", form)

    assert set(texts.get("en").own) == {LetterKind.APPROVE}


def test_a_mistake_is_said_at_its_field_and_nothing_is_saved(olga: Staff) -> None:
    reply = olga.post("/settings/texts", words(share_text="{link} {phone}", approve_text="Hello"))

    assert reply.status_code == 422
    assert "There is no {phone}." in reply.text
    assert "Without {link} nobody can open anything." in reply.text
    assert texts.get("en").own == {}


def test_who_comes_second_sees_both(olga: Staff) -> None:
    olga.post("/settings/texts", words(share_text="theirs {link}"))

    reply = olga.post("/settings/texts", words(share_text="mine {link}"))

    assert reply.status_code == 409
    assert "theirs {link}" in reply.text
    assert "mine {link}" in reply.text


def test_the_preview_shows_what_is_typed_with_values_in_it(olga: Staff) -> None:
    form = words(share_text="Dear {client}, {link} {pin}", approve_text="Д" * 3000)

    part = olga.post("/settings/texts/preview", form, target="texts_preview").text

    assert part.strip().startswith('<div id="texts_preview">')
    assert "Dear Anna Peters, http://localhost:8000/v/FNJNQFKB4E 4711" in part


def test_one_text_goes_back_to_ours(olga: Staff) -> None:
    olga.post("/settings/texts", words(share_text="mine {link}"))

    olga.post("/settings/texts/share/reset", {"language": "en"})

    page = olga.get("/settings/texts").text
    assert OURS in page
    assert "mine {link}" not in page


def test_only_admins_change_them(pavel: Staff) -> None:
    assert pavel.get("/settings/texts").status_code == 403
    assert pavel.post("/settings/texts", words()).status_code == 403
