"""Settings: typed, frozen, explained, and without a secret of their own."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pydantic import ValidationError

import vertex.settings
from vertex.settings import CHECKOUT, Settings, SettingsError


def test_the_example_lists_every_setting_with_its_default() -> None:
    listed = {}
    for line in (CHECKOUT / ".env.example").read_text().splitlines():
        if line.startswith("#VERTEX_"):
            name, _, value = line.removeprefix("#VERTEX_").partition("=")
            listed[name.lower()] = value

    assert listed.keys() == Settings.model_fields.keys()
    example = Settings.model_validate({name: value for name, value in listed.items() if value})
    instance = Path("instance").absolute()
    assert example.model_dump() == {**Settings().model_dump(), "instance": instance}


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder taken for the checkout and for the mounted secrets, so that ours stay out."""
    monkeypatch.setattr(vertex.settings, "CHECKOUT", tmp_path)
    monkeypatch.setattr(vertex.settings, "_MOUNTED_SECRETS", tmp_path)
    return tmp_path


@pytest.mark.usefixtures("elsewhere")
def test_every_mistake_is_named_in_one_message(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VERTEX_PUBLIC_URL", "photos.example.com")
    monkeypatch.setenv("VERTEX_THREADS", "many")
    monkeypatch.setenv("VERTEX_SECRET_KEY", "short")

    with pytest.raises(SettingsError) as mistake:
        Settings.from_env()

    lines = str(mistake.value).splitlines()[1:]
    assert [line.split(":")[0].strip() for line in lines] == [
        "VERTEX_PUBLIC_URL",
        "VERTEX_SECRET_KEY",
        "VERTEX_THREADS",
    ]
    assert "short" not in str(mistake.value).replace("shorter", "")


def test_an_empty_variable_is_one_that_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VERTEX_SECRET_KEY", "")

    assert Settings().secret_key is None


def test_nothing_changes_them() -> None:
    with pytest.raises(ValidationError):
        Settings().threads = 1  # type: ignore[misc]


@pytest.mark.parametrize(
    ("url", "database"),
    [
        ("postgresql://me@host/name", "postgresql+psycopg://me@host/name"),
        ("sqlite:////somewhere/else.db", "sqlite:////somewhere/else.db"),
    ],
)
def test_the_database_may_be_written_the_usual_way(url: str, database: str) -> None:
    assert Settings(database_url=url).database == database


def test_an_unknown_database_is_refused() -> None:
    with pytest.raises(ValidationError, match="must start with"):
        Settings(database_url="mysql://me@host/name")


def test_celery_needs_its_redis_whose_password_is_not_shown() -> None:
    with pytest.raises(ValidationError, match="celery needs VERTEX_REDIS_URL"):
        Settings(jobs="celery")
    with pytest.raises(ValidationError, match="must start with redis://"):
        Settings(redis_url="localhost:6379")

    settings = Settings(jobs="celery", redis_url="redis://:hidden@localhost:6379/0")

    assert "hidden" not in repr(settings)
    assert settings.flask_config()["RATELIMIT_STORAGE_URI"] == settings.redis_url


def test_without_a_database_there_is_a_file_in_the_instance_folder(tmp_path: Path) -> None:
    settings = Settings(instance=tmp_path)

    assert settings.database == f"sqlite:///{tmp_path}/vertex.sqlite3"
    assert settings.on_sqlite


def test_cookies_are_for_https_where_people_come_by_https() -> None:
    assert Settings(public_url="https://photos.example.com/").https
    assert Settings(public_url="https://photos.example.com/").public_url[-1] == "m"
    assert not Settings().https


class TestSecretKey:
    def test_is_made_once_and_for_us_alone(self, tmp_path: Path) -> None:
        settings = Settings(instance=tmp_path / "new")

        secret = settings.own_secret()

        assert len(secret) >= 64
        assert Settings(instance=tmp_path / "new").own_secret() == secret
        assert stat.S_IMODE(settings.secret_key_file.stat().st_mode) == 0o600
        assert [path.name for path in settings.instance.iterdir()] == ["secret_key"]

    def test_is_the_same_for_all_who_start_at_once(self, tmp_path: Path) -> None:
        settings = Settings(instance=tmp_path)

        with ThreadPoolExecutor(8) as pool:
            secrets = set(pool.map(lambda _: settings.own_secret(), range(32)))

        assert len(secrets) == 1

    def test_is_the_given_one_where_there_is_one(self, tmp_path: Path) -> None:
        settings = Settings.model_validate(
            {"instance": tmp_path, "secret_key": "given from outside"}
        )

        assert settings.flask_config()["SECRET_KEY"] == "given from outside"
        assert list(tmp_path.iterdir()) == []
        assert "given from outside" not in repr(settings)

    def test_may_be_mounted_as_a_file(self, elsewhere: Path) -> None:
        (elsewhere / "vertex_secret_key").write_text("mounted by somebody")

        assert Settings.from_env().own_secret() == "mounted by somebody"

    def test_may_stand_in_a_file_beside_the_program(self, elsewhere: Path) -> None:
        (elsewhere / ".env").write_text("VERTEX_SECRET_KEY=written by somebody\n")

        assert Settings.from_env().own_secret() == "written by somebody"
