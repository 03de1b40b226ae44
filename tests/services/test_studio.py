"""The studio's own face: what is stored of it, and what is refused and leaves nothing."""

import io
import threading
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import func, select

from tests.factories import OLGA
from tests.media import samples
from vertex.errors import ConflictError, InvalidError, TooLargeError
from vertex.extensions import db
from vertex.models import AuditAction, AuditEntry, Setting
from vertex.runtime import Runtime, runtime
from vertex.services import studio
from vertex.services.studio import Details, Studio
from vertex.storage import AREAS, Storage, StorageError

FULL = Details(
    name="Ателье «Свет»",
    accent="#2b6cb0",
    phone="+79161234567",
    email="hello@example.com",
    website="https://example.com/portraits",
    address="Невский пр., 1",
)


@pytest.fixture
def storage(vertex_app: Flask) -> Storage:
    runtime: Runtime = vertex_app.extensions["vertex"]
    return runtime.storage


def png(**given: Any) -> io.BytesIO:
    return io.BytesIO(samples.encoded(samples.photo(**given), "PNG"))


def set_logo(storage: Storage, content: io.BytesIO | None = None) -> Studio:
    return studio.set_logo(content or png(), filename="logo.png", actor=OLGA, storage=storage)


def stored(storage: Storage) -> list[str]:
    return [file.key for area in AREAS for file in storage.files(area)]


def actions() -> list[AuditAction]:
    return list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


@pytest.mark.usefixtures("vertex_app")
class TestChange:
    def test_nothing_is_known_at_first(self) -> None:
        assert studio.get() == Studio()

    def test_stores_everything(self) -> None:
        changed = studio.change(FULL, version=0, actor=OLGA)

        db.session.rollback()
        assert studio.get() == changed == Studio(**vars_of(FULL), version=1)

    def test_stores_it_in_one_form(self) -> None:
        typed = Details(
            name="  Ателье \0 «Свет» ",
            accent="#2B6CB0",
            phone="+7 916 123-45-67",
            email="Hello@Example.com",
            website="example.com/portraits",
            address="\n Невский  пр., 1 \r\n\r\n",
        )

        assert studio.change(typed, version=0, actor=OLGA) == Studio(**vars_of(FULL), version=1)

    def test_everything_may_be_left_out_again(self) -> None:
        studio.change(FULL, version=0, actor=OLGA)

        assert studio.change(Details(), version=1, actor=OLGA) == Studio(version=2)

    @pytest.mark.parametrize(
        ("field", "typed", "code"),
        [
            ("name", "x" * 81, "name_long"),
            ("accent", "red", "colour_malformed"),
            ("accent", "#fff", "colour_malformed"),
            ("accent", "#a8401f;}", "colour_malformed"),
            ("phone", "12", "phone_invalid"),
            ("phone", "8 916 123-45-67", "phone_invalid"),
            ("email", "hello@", "email_malformed"),
            ("website", "javascript://example.com/%0aalert(1)", "website_malformed"),
            ("website", "javascript:alert(1)", "website_malformed"),
            ("website", "ftp://example.com", "website_malformed"),
            ("website", "https://olga:secret@example.com", "website_malformed"),
            ("website", "https://example.com:99999", "website_malformed"),
            ("website", "https://exa mple.com", "website_malformed"),
            ("website", 'https://example.com/"x', "website_malformed"),
            ("website", "https://[::1", "website_malformed"),
            ("website", "https://a..b", "website_malformed"),
            ("website", "https://", "website_malformed"),
            ("website", "our studio", "website_malformed"),
            ("website", "localhost", "website_malformed"),
            ("website", "https://example.com/" + "x" * 200, "website_long"),
            ("address", "x" * 301, "address_long"),
        ],
    )
    def test_refuses_and_stores_nothing(self, field: str, typed: str, code: str) -> None:
        with pytest.raises(InvalidError) as refusal:
            studio.change(Details(**{**vars_of(FULL), field: typed}), version=0, actor=OLGA)

        assert (refusal.value.code, refusal.value.field) == (code, field)
        assert db.session.scalar(select(func.count(Setting.id))) == 0
        assert actions() == []

    @pytest.mark.parametrize(
        "typed",
        ["http://example.com", "https://фото.рф/портреты", "https://example.com:8443/?a=b#c"],
    )
    def test_takes_websites(self, typed: str) -> None:
        assert studio.change(Details(website=typed), version=0, actor=OLGA).website == typed

    def test_who_comes_second_overwrites_nothing(self) -> None:
        studio.change(FULL, version=0, actor=OLGA)

        with pytest.raises(ConflictError, match="changed_meanwhile"):
            studio.change(Details(name="Other"), version=0, actor=OLGA)

        assert studio.get().name == FULL.name

    def test_the_record_tells_what_was_changed_and_when_nothing_was(self) -> None:
        first = studio.change(FULL, version=0, actor=OLGA)
        again = studio.change(FULL, version=1, actor=OLGA)
        studio.change(Details(**{**vars_of(FULL), "accent": ""}), version=1, actor=OLGA)

        entries = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
        assert first.version == again.version == 1
        assert [entry.action for entry in entries] == [AuditAction.STUDIO_CHANGED] * 2
        assert {entry.subject for entry in entries} == {"studio"}
        assert entries[0].details == {"fields": list(studio.FIELDS)}
        assert (entries[1].details, entries[1].actor) == ({"fields": ["accent"]}, "user:olga")

    def test_a_sketch_takes_what_can_be_accepted_and_stores_nothing(self) -> None:
        studio.change(FULL, version=0, actor=OLGA)

        sketch = studio.sketch(Details(name="Other", accent="#12", phone="+1 202 555 0143"))

        assert (sketch.name, sketch.accent, sketch.phone) == ("Other", "#2b6cb0", "+12025550143")
        assert sketch.email == ""
        assert studio.get().name == FULL.name


class TestLogo:
    def test_is_stored_small_and_clean(self, storage: Storage) -> None:
        content = io.BytesIO(samples.telling_png())

        changed = set_logo(storage, content)

        assert changed.logo_key
        assert changed.logo_key.startswith("studio/")
        assert stored(storage) == [changed.logo_key]
        with storage.open(changed.logo_key) as file:
            logo = file.read()
        assert samples.SECRET.encode() not in logo
        with Image.open(io.BytesIO(logo)) as image:
            assert image.size == (changed.logo_width, changed.logo_height) == (480, 600)
        assert actions() == [AuditAction.LOGO_SET]

    def test_and_details_leave_each_other_alone(self, storage: Storage) -> None:
        with_logo = set_logo(storage)
        studio.change(FULL, version=with_logo.version, actor=OLGA)
        set_logo(storage, png(width=300, height=300))
        named = studio.get()

        assert (named.name, named.logo_width, named.version) == (FULL.name, 300, 1)

        removed = studio.remove_logo(actor=OLGA, storage=storage)
        assert removed == Studio(**vars_of(FULL), version=1)

    def test_another_one_takes_the_place_of_the_first(self, storage: Storage) -> None:
        first = set_logo(storage)
        second = set_logo(storage)

        assert first.logo_key != second.logo_key
        assert stored(storage) == [second.logo_key]

    def test_is_removed_with_its_file(self, storage: Storage) -> None:
        set_logo(storage)

        studio.remove_logo(actor=OLGA, storage=storage)
        again = studio.remove_logo(actor=OLGA, storage=storage)

        assert (again.logo_key, stored(storage)) == (None, [])
        assert actions() == [AuditAction.LOGO_SET, AuditAction.LOGO_REMOVED]

    @pytest.mark.parametrize(
        ("content", "code"),
        [
            (b"", "image_empty"),
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image_format"),
            (b"GIF89a" + bytes(100), "image_format"),
            (samples.encoded(samples.photo(), "PNG")[:5000], "image_damaged"),
            (samples.encoded(samples.photo(20, 20), "PNG"), "image_small"),
        ],
    )
    def test_refused_ones_leave_nothing(self, storage: Storage, content: bytes, code: str) -> None:
        before = set_logo(storage)

        with pytest.raises(InvalidError) as refusal:
            set_logo(storage, io.BytesIO(content))

        assert (refusal.value.code, refusal.value.field) == (code, "logo")
        assert refusal.value.params["accepted"] == "JPEG, PNG, WebP"
        assert stored(storage) == [before.logo_key]
        assert studio.get() == before
        assert len(actions()) == 1

    def test_too_large_ones_are_not_even_opened(self, storage: Storage) -> None:
        content = png().getvalue() + bytes(studio.MAX_LOGO_BYTES)

        with pytest.raises(TooLargeError) as refusal:
            set_logo(storage, io.BytesIO(content))

        assert refusal.value.params == {"found": 6, "limit": 5}
        assert stored(storage) == []

    def test_one_whose_row_is_not_stored_is_removed(
        self, storage: Storage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(*_: object) -> None:
            raise ZeroDivisionError

        monkeypatch.setattr("vertex.services.audit.record", fail)
        with pytest.raises(ZeroDivisionError):
            set_logo(storage)

        assert stored(storage) == []
        assert studio.get() == Studio()

    def test_an_old_one_that_cannot_be_removed_is_no_failure(
        self, storage: Storage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        old = set_logo(storage)

        def fail(self: object, key: str) -> None:
            raise StorageError("away")

        with monkeypatch.context() as broken:
            broken.setattr(type(storage), "delete", fail)
            new = set_logo(storage)

        assert studio.get() == new
        assert set(stored(storage)) == {old.logo_key, new.logo_key}

    def test_what_two_set_at_once_leaves_one_file(self, vertex_app: Flask) -> None:
        """Also where neither finds a row to begin with."""
        together = threading.Barrier(2)
        failed: list[BaseException] = []

        def work() -> None:
            try:
                with vertex_app.app_context():
                    together.wait(10)
                    set_logo(runtime().storage)
            except BaseException as error:
                failed.append(error)
                raise

        threads = [threading.Thread(target=work) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)

        assert not failed
        assert stored(runtime().storage) == [studio.get().logo_key]
        assert db.session.scalar(select(func.count(Setting.id))) == 1


def vars_of(details: Details) -> dict[str, Any]:
    return {name: getattr(details, name) for name in studio.FIELDS}
