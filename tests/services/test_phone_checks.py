"""Codes that are read out by telephone: nothing is lost, and a slip is noticed."""

import dataclasses

import cv2
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from vertex.recogniser import Recogniser
from vertex.services import phone_checks, public_codes
from vertex.services.phone_checks import Camera, Engine, Path, PhoneCheck, Print, Speed, System

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

CHECKS = st.builds(
    PhoneCheck,
    system=st.sampled_from(System),
    engine=st.sampled_from(Engine),
    secure=st.booleans(),
    wasm=st.booleans(),
    simd=st.booleans(),
    webgl=st.booleans(),
    camera=st.sampled_from(Camera),
    path=st.sampled_from(Path),
    speed=st.sampled_from(Speed),
    search_ms=st.integers(0, 127),
    rate=st.integers(0, 63),
    print=st.sampled_from(Print),
    size=st.integers(0, 63),
)


@given(CHECKS)
def test_a_code_says_what_was_found_out(check: PhoneCheck) -> None:
    code = phone_checks.encode(check)

    assert phone_checks.decode(code) == check
    assert len(code) == 11 and set(code.replace("-", "")) <= set(ALPHABET)


@given(CHECKS)
def test_a_code_may_be_typed_as_people_type(check: PhoneCheck) -> None:
    code = phone_checks.encode(check)
    typed = " ".join(code.replace("-", "").lower()).replace("0", "o").replace("1", "l")

    assert phone_checks.decode(typed) == check


@given(CHECKS, st.integers(0, 9), st.integers(1, 31))
def test_one_wrong_character_is_noticed(check: PhoneCheck, place: int, by: int) -> None:
    letters = list(phone_checks.encode(check).replace("-", ""))
    letters[place] = ALPHABET[ALPHABET.index(letters[place]) ^ by]

    assert phone_checks.decode("".join(letters)) is None


@given(CHECKS, st.integers(0, 9), st.integers(0, 9))
def test_characters_that_changed_places_are_noticed(check: PhoneCheck, one: int, two: int) -> None:
    letters = list(phone_checks.encode(check).replace("-", ""))
    same = letters[one] == letters[two]
    letters[one], letters[two] = letters[two], letters[one]

    assert phone_checks.decode("".join(letters)) == (check if same else None)


@given(st.text(max_size=20))
def test_anything_else_is_refused_or_means_what_it_says(typed: str) -> None:
    meant = phone_checks.decode(typed)

    assert meant is None or phone_checks.decode(phone_checks.encode(meant)) == meant


def test_every_result_is_in_the_code() -> None:
    names = {field.name for field in dataclasses.fields(PhoneCheck)}

    assert {name for name, _, _ in phone_checks._FIELDS} == names | {"version", "spare"}
    assert sum(width for _, width, _ in phone_checks._FIELDS) == 45


def test_the_sample_is_recognised_by_its_marker() -> None:
    grey = cv2.imdecode(np.frombuffer(phone_checks.sample(), np.uint8), cv2.IMREAD_GRAYSCALE)
    assert grey is not None
    frame = np.full((640, 480), 90, np.uint8)
    height = 480
    width = round(grey.shape[1] * height / grey.shape[0])
    small = cv2.resize(grey, (width, height), interpolation=cv2.INTER_AREA)
    frame[80 : 80 + height, 60 : 60 + width] = small

    assert len(Recogniser(phone_checks.sample_marker()).find(frame)) == 1


def test_check_can_never_be_a_portraits_code() -> None:
    assert public_codes.normalise("check") is None
