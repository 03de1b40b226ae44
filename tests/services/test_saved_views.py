"""Views of the list of orders that people save for themselves."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask

from tests.factories import make_user
from vertex.errors import ConflictError, InvalidError, NotFoundError
from vertex.services import saved_views

pytestmark = pytest.mark.usefixtures("vertex_app")

READY = {"status": "ready", "q": "Семёнова"}


def test_a_view_keeps_its_filters_and_is_its_owners() -> None:
    olga, pavel = make_user().id, make_user().id

    saved_views.save(olga, "  Ready   to print ", READY)

    [view] = saved_views.of_user(olga)
    assert (view.name, view.filters) == ("Ready to print", READY)
    assert not saved_views.of_user(pavel)


@pytest.mark.parametrize(("name", "code"), [(" ", "view_name_missing"), ("n" * 41, "name_long")])
def test_a_name_is_judged_at_its_field(name: str, code: str) -> None:
    olga = make_user().id

    with pytest.raises(InvalidError) as refused:
        saved_views.save(olga, name, READY)

    assert (refused.value.code, refused.value.field) == (code, "name")
    assert not saved_views.of_user(olga)


def test_the_list_as_it_always_is_is_no_view() -> None:
    with pytest.raises(InvalidError, match="view_of_everything"):
        saved_views.save(make_user().id, "Everything", {})


def test_a_name_is_taken_once_by_each_person() -> None:
    olga, pavel = make_user().id, make_user().id
    saved_views.save(olga, "Ready", READY)

    saved_views.save(pavel, "Ready", READY)
    with pytest.raises(ConflictError, match="view_name_taken"):
        saved_views.save(olga, "Ready", {"all": "1"})

    assert len(saved_views.of_user(olga)) == 1


def test_a_removed_view_comes_back_unless_its_name_was_taken() -> None:
    olga = make_user().id
    first = saved_views.save(olga, "Ready", READY)
    saved_views.move_to_bin(first.id, user_id=olga)
    assert not saved_views.of_user(olga)

    second = saved_views.save(olga, "Ready", {"all": "1"})
    with pytest.raises(ConflictError, match="view_name_taken"):
        saved_views.restore(first.id, user_id=olga)
    saved_views.move_to_bin(second.id, user_id=olga)
    saved_views.restore(first.id, user_id=olga)

    assert [view.id for view in saved_views.of_user(olga)] == [first.id]


def test_nobody_touches_the_views_of_another() -> None:
    olga, pavel = make_user().id, make_user().id
    view = saved_views.save(olga, "Ready", READY)

    for act in (saved_views.move_to_bin, saved_views.restore):
        with pytest.raises(NotFoundError):
            act(view.id, user_id=pavel)

    assert saved_views.of_user(olga) == [view]


def test_there_are_never_too_many(vertex_app: Flask) -> None:
    olga = make_user().id
    for number in range(saved_views.MOST - 2):
        saved_views.save(olga, f"View {number}", READY)

    def save(number: int) -> bool:
        with vertex_app.app_context():
            try:
                saved_views.save(olga, f"Late {number}", READY)
            except ConflictError as error:
                assert error.code == "views_too_many"
                return False
            return True

    with ThreadPoolExecutor(4) as people:
        saved = list(people.map(save, range(8)))

    assert sum(saved) == 2
    assert len(saved_views.of_user(olga)) == saved_views.MOST
