"""Sessions: which browsers are signed in, for how long, and who may end it."""

import hashlib
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.factories import OLGA, make_user
from vertex.errors import NotFoundError
from vertex.extensions import db
from vertex.models import AuditAction, AuditEntry, Session, User, utcnow, uuid7
from vertex.services import sessions
from vertex.services._transaction import atomic

pytestmark = pytest.mark.usefixtures("vertex_app")

MINUTE = timedelta(minutes=1)


def begin(user: User, *, user_agent: str = "Firefox") -> str:
    return sessions.begin(user, user_agent=user_agent, ip="192.0.2.7")


def found(token: str) -> Session:
    session = sessions.find(token)
    assert session is not None
    return session


def let_pass(time: timedelta) -> None:
    """Make all sessions that much older."""
    with atomic():
        for session in db.session.scalars(select(Session)):
            session.last_seen_at -= time
            session.expires_at -= time


def count(table: type[Session | AuditEntry]) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


class TestBegin:
    def test_gives_a_token_of_which_only_a_hash_is_stored(self) -> None:
        token = begin(make_user())

        stored = db.session.scalars(select(Session)).one()
        assert stored.token_hash == hashlib.sha256(token.encode()).hexdigest()
        assert len(token) >= 43
        assert token not in {str(value) for value in vars(stored).values()}

    def test_gives_another_token_each_time(self) -> None:
        user = make_user()

        assert len({begin(user) for _ in range(50)}) == count(Session) == 50

    def test_keeps_where_it_was(self) -> None:
        token = begin(make_user(), user_agent="A" * 1000)

        session = found(token)
        assert (session.ip, session.user_agent) == ("192.0.2.7", "A" * 300)

    def test_lasts_thirty_days(self) -> None:
        session = found(begin(make_user()))

        assert abs(session.expires_at - utcnow() - timedelta(days=30)) < MINUTE

    def test_removes_sessions_that_are_over(self) -> None:
        user = make_user()
        begin(user)
        let_pass(timedelta(days=31))

        begin(make_user())

        assert count(Session) == 1
        assert list(sessions.of_user(user.id)) == []


class TestFind:
    def test_finds_the_session_of_a_token_with_its_user(self) -> None:
        olga, pavel = make_user(), make_user()
        token, other = begin(olga), begin(pavel)

        assert found(token).user.id == olga.id
        assert found(other).user.id == pavel.id

    def test_finds_nothing_by_a_token_nobody_has(self) -> None:
        token = begin(make_user())
        stored = found(token).token_hash

        for wrong in ("", "nothing", token[:-1], f"{token} ", token.swapcase(), stored, "\x00"):
            assert sessions.find(wrong) is None

    def test_does_not_find_one_that_was_ended(self) -> None:
        user = make_user()
        token, other = begin(user), begin(user)

        sessions.end(found(token).id, user_id=user.id, actor=OLGA)

        assert sessions.find(token) is None
        assert sessions.find(other) is not None

    def test_does_not_find_one_that_expired_however_busy(self) -> None:
        token = begin(make_user())
        session = found(token)
        with atomic():
            session.expires_at = utcnow()
            session.last_seen_at = utcnow()

        assert sessions.find(token) is None

    def test_finds_one_in_its_last_minute(self) -> None:
        token = begin(make_user())
        session = found(token)
        with atomic():
            session.expires_at = utcnow() + MINUTE

        assert sessions.find(token) is not None

    @pytest.mark.parametrize(
        ("idle", "there"),
        [(timedelta(days=7) - MINUTE, True), (timedelta(days=7) + MINUTE, False)],
    )
    def test_finds_one_that_was_idle_for_less_than_a_week(
        self, idle: timedelta, there: bool
    ) -> None:
        token = begin(make_user())

        let_pass(idle)

        assert (sessions.find(token) is not None) is there

    def test_finds_one_used_every_six_days_until_it_expires(self) -> None:
        token = begin(make_user())

        days = 0
        while sessions.find(token) is not None:
            let_pass(timedelta(days=6))
            days += 6

        assert days == 30

    def test_notes_when_it_was_seen_but_not_every_time(self) -> None:
        token = begin(make_user())
        let_pass(timedelta(minutes=4))
        before = found(token).last_seen_at
        let_pass(timedelta(minutes=2))

        after = found(token).last_seen_at

        assert utcnow() - before > 3 * MINUTE
        assert utcnow() - after < MINUTE

    @pytest.mark.parametrize(
        "closed", [{"active": False}, {"locked_at": utcnow()}, {"deleted_at": utcnow()}]
    )
    def test_does_not_find_one_of_a_closed_account(self, closed: dict[str, object]) -> None:
        user = make_user()
        token = begin(user)
        with atomic():
            for name, value in closed.items():
                setattr(user, name, value)

        assert sessions.find(token) is None
        assert list(sessions.of_user(user.id)) == []


class TestOfUser:
    def test_are_their_own_the_last_seen_first(self) -> None:
        user = make_user()
        begin(make_user())
        tokens = [begin(user, user_agent=f"Browser {n}") for n in range(3)]
        long_ago = found(tokens[1])
        with atomic():
            long_ago.last_seen_at -= timedelta(days=1)

        agents = [session.user_agent for session in sessions.of_user(user.id)]

        assert agents == ["Browser 2", "Browser 0", "Browser 1"]

    def test_are_those_that_can_still_be_used(self) -> None:
        user = make_user()
        begin(user)
        let_pass(timedelta(days=8))
        token = begin(user)

        assert [session.id for session in sessions.of_user(user.id)] == [found(token).id]


class TestEnd:
    def test_is_recorded(self) -> None:
        user = make_user()
        session = found(begin(user))

        sessions.end(session.id, user_id=user.id, actor=OLGA)

        entry = db.session.scalars(select(AuditEntry)).one()
        assert (entry.action, entry.actor) == (AuditAction.SESSION_ENDED, "user:olga")
        assert entry.subject == f"user:{user.id}"

    def test_does_not_reach_the_sessions_of_another(self) -> None:
        olga, pavel = make_user(), make_user()
        token = begin(olga)

        with pytest.raises(NotFoundError):
            sessions.end(found(token).id, user_id=pavel.id, actor=OLGA)

        assert sessions.find(token) is not None
        assert count(AuditEntry) == 0

    def test_of_one_that_is_not_there_is_refused(self) -> None:
        user = make_user()
        session_id = found(begin(user)).id
        sessions.end(session_id, user_id=user.id, actor=OLGA)

        for gone in (session_id, uuid7()):
            with pytest.raises(NotFoundError):
                sessions.end(gone, user_id=user.id, actor=OLGA)
        assert count(AuditEntry) == 1


class TestSignOut:
    def test_ends_this_session_alone(self) -> None:
        user = make_user()
        token, other = begin(user), begin(user)

        sessions.sign_out(found(token).id, user_id=user.id, actor=OLGA)

        assert sessions.find(token) is None
        assert sessions.find(other) is not None
        entry = db.session.scalars(select(AuditEntry)).one()
        assert entry.action is AuditAction.USER_SIGNED_OUT

    def test_twice_is_no_error(self) -> None:
        user = make_user()
        token = begin(user)
        session_id = found(token).id

        sessions.sign_out(session_id, user_id=user.id, actor=OLGA)
        sessions.sign_out(session_id, user_id=user.id, actor=OLGA)

        assert sessions.find(token) is None

    def test_does_not_reach_the_sessions_of_another(self) -> None:
        olga, pavel = make_user(), make_user()
        token = begin(olga)

        sessions.sign_out(found(token).id, user_id=pavel.id, actor=OLGA)

        assert sessions.find(token) is not None


class TestEndAll:
    def test_ends_every_session_of_a_user(self) -> None:
        olga, pavel = make_user(), make_user()
        tokens = [begin(olga) for _ in range(3)]
        other = begin(pavel)

        sessions.end_all(olga.id)

        assert [sessions.find(token) for token in tokens] == [None] * 3
        assert sessions.find(other) is not None

    def test_leaves_the_one_to_keep(self) -> None:
        user = make_user()
        tokens = [begin(user) for _ in range(3)]

        sessions.end_all(user.id, keep=found(tokens[1]).id)

        assert [sessions.find(token) is not None for token in tokens] == [False, True, False]
