"""PINs: few tries from one address, then pauses that grow to an hour."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from tests.factories import make_portrait, make_public_code
from vertex.errors import InvalidError, NotFoundError, TooManyError
from vertex.extensions import db
from vertex.models import SignInLock, utcnow
from vertex.services import pins, viewing
from vertex.services._transaction import atomic

pytestmark = pytest.mark.usefixtures("vertex_app")

HERE, THERE = "192.0.2.7", "198.51.100.9"


@pytest.fixture
def code(vertex_app: object) -> str:
    portrait = make_portrait(pin_hash=pins.hash_of("2468"))
    return make_public_code(portrait_id=portrait.id).code


def wrong(code: str, address: str = HERE) -> InvalidError | TooManyError:
    with pytest.raises((InvalidError, TooManyError)) as refused:
        pins.prove(code, "0000", address=address)
    assert isinstance(refused.value, InvalidError | TooManyError)
    return refused.value


def wait_for_it() -> None:
    with atomic():
        db.session.execute(update(SignInLock).values(locked_until=utcnow() - timedelta(seconds=1)))


def test_the_right_one_proves_it(code: str) -> None:
    proof = pins.prove(code.lower(), " 24 68 ", address=HERE)

    assert viewing.view(code, proof=proof).shown


def test_five_are_free_and_then_each_pause_is_twice_as_long(code: str) -> None:
    assert [wrong(code).code for _ in range(4)] == ["pin_wrong"] * 4
    pauses = []
    for _ in range(8):
        refusal = wrong(code)
        assert isinstance(refusal, TooManyError)
        pauses.append(refusal.seconds)
        still = wrong(code)
        assert isinstance(still, TooManyError) and still.code == "pin_locked"
        wait_for_it()

    assert pauses == [60, 120, 240, 480, 960, 1920, 3600, 3600]


def test_while_it_waits_not_even_the_right_one_is_taken(code: str) -> None:
    for _ in range(5):
        wrong(code)

    with pytest.raises(TooManyError):
        pins.prove(code, "2468", address=HERE)


def test_other_addresses_and_other_codes_do_not_wait(code: str) -> None:
    other = make_public_code(portrait_id=make_portrait(pin_hash=pins.hash_of("1357")).id).code
    for _ in range(5):
        wrong(code)

    assert pins.prove(code, "2468", address=THERE)
    assert pins.prove(other, "1357", address=HERE)


def test_the_right_one_forgets_the_wrong_ones(code: str) -> None:
    for _ in range(4):
        wrong(code)
    pins.prove(code, "2468", address=HERE)

    assert db.session.scalars(select(SignInLock)).all() == []


def test_what_has_no_pin_needs_no_proof_and_counts_nothing() -> None:
    code = make_public_code().code

    assert pins.prove(code, "1", address=HERE) is None
    assert db.session.scalars(select(SignInLock)).all() == []


def test_of_an_unknown_code_nothing_is_told() -> None:
    with pytest.raises(NotFoundError):
        pins.prove("0000000000", "1234", address=HERE)
