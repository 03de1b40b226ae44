"""The search for clients: found however they are typed, listed without gaps."""

# ruff: noqa: RUF001 - what is typed here is Russian

from uuid import UUID

import pytest

from tests.factories import OLGA, make_client
from vertex.extensions import db
from vertex.models import Client, utcnow
from vertex.services import _first_clients, client_lists, clients
from vertex.services._transaction import atomic
from vertex.services.clients import Details

pytestmark = pytest.mark.usefixtures("vertex_app")


def names(typed: str, *, binned: bool = False) -> list[str]:
    return [client.name for client in client_lists.search(typed, binned=binned).clients]


def pages(typed: str = "", *, binned: bool = False) -> list[list[Client]]:
    """All pages of a list, one after the other."""
    page = client_lists.search(typed, binned=binned)
    found = [list(page.clients)]
    while page.after is not None:
        page = client_lists.search(typed, binned=binned, after=page.after)
        found.append(list(page.clients))
    return found


def edit(client: Client, **changed: str) -> None:
    before = {
        "name": client.name,
        "phone": client.phone,
        "email": client.email or "",
        "notes": client.notes,
    }
    clients.edit(client.id, Details(**{**before, **changed}), version=client.version, actor=OLGA)


@pytest.fixture
def studio(vertex_app: object) -> None:
    """Some clients of a studio."""
    make_client(
        name="Анна Семёнова", phone="+79161234567", email="Anna.S@example.com", notes="двойня"
    )
    make_client(name="Анна Кузнецова", phone="+79261110022", notes="Свадьба в июне, зал «Ёлка»")
    make_client(name="Пётр Семёнов", phone="+79035550000")
    make_client(name="Zoë O'Neill-Çelik", phone="+33612345678", notes='50% off, "rush" *** a_b')
    make_client(name="Ли", phone="+79990008888")


@pytest.mark.usefixtures("studio")
class TestWords:
    @pytest.mark.parametrize("typed", ["анна", "АННА", "Анна", "аННа", "  анна  "])
    def test_are_found_whatever_their_case(self, typed: str) -> None:
        assert names(typed) == ["Анна Кузнецова", "Анна Семёнова"]

    @pytest.mark.parametrize(
        "typed", ["семенова", "Семёнова", "СЕМЕНОВА", "СЕМЁНОВА", "семе\u0308нова"]
    )
    def test_are_found_with_e_or_yo(self, typed: str) -> None:
        assert names(typed) == ["Анна Семёнова"]

    @pytest.mark.parametrize("typed", ["петр", "Пётр"])
    def test_are_found_with_yo_in_the_first_name(self, typed: str) -> None:
        assert names(typed) == ["Пётр Семёнов"]

    def test_are_found_with_yo_where_e_is_stored(self) -> None:
        make_client(name="Артем Королев")

        assert names("артём") == names("королёв") == ["Артем Королев"]

    @pytest.mark.parametrize("typed", ["zoe", "zoë", "celik", "ÇELIK", "o'neill", "o'neill-celik"])
    def test_are_found_with_and_without_accents(self, typed: str) -> None:
        assert names(typed) == ["Zoë O'Neill-Çelik"]

    @pytest.mark.parametrize(
        "typed",
        [
            "анна семенова",
            "семенова анна",
            "семёнова   АННА",
            "нова нна",
            "анна семён",
            "семен анна 916",
            "анна двойня",
            "двойня семенова анна",
            "example.com семенова",
            "а се дво",
        ],
    )
    def test_are_found_together_in_any_order(self, typed: str) -> None:
        assert names(typed) == ["Анна Семёнова"]

    @pytest.mark.parametrize(
        "typed", ["анна петр", "петр анна", "кузнецова двойня", "нет семенова", "семенова нет"]
    )
    def test_must_all_be_there(self, typed: str) -> None:
        assert names(typed) == []

    @pytest.mark.parametrize("typed", ["семён", "емено", "нова", "енова"])
    def test_are_found_by_any_part(self, typed: str) -> None:
        assert "Анна Семёнова" in names(typed)

    @pytest.mark.parametrize(
        ("typed", "found"),
        [
            ("ли", ["Ли"]),
            ("ЛИ", ["Ли"]),
            ("СЁ", ["Анна Семёнова", "Пётр Семёнов"]),
            ("ПЁ", ["Пётр Семёнов"]),
            ("z", ["Zoë O'Neill-Çelik"]),
            ("ZÖ", ["Zoë O'Neill-Çelik"]),
            ("oË", []),
            ("п", ["Пётр Семёнов"]),
            ("я", []),
            ("йо", []),
            ("ъ", []),
        ],
    )
    def test_of_one_or_two_letters_begin_so(self, typed: str, found: list[str]) -> None:
        assert names(typed) == found

    @pytest.mark.parametrize("typed", ["anna.s@example.com", "ANNA.S", "@example", "s@ex"])
    def test_of_an_address_are_found(self, typed: str) -> None:
        assert names(typed) == ["Анна Семёнова"]

    @pytest.mark.parametrize("typed", ["свадьба", "ИЮНЕ", "елка", "«ёлка»", "зал"])
    def test_of_the_notes_are_found(self, typed: str) -> None:
        assert names(typed) == ["Анна Кузнецова"]

    def test_of_what_is_not_there_find_nobody(self) -> None:
        assert names("свердловск") == []

    def test_are_found_across_no_border_of_fields(self) -> None:
        assert names("семенова79") == names("567anna") == []


@pytest.mark.usefixtures("studio")
class TestPhones:
    @pytest.mark.parametrize(
        "typed",
        [
            "9161234567",
            "89161234567",
            "79161234567",
            "+79161234567",
            "8 916 123-45-67",
            "8(916)123-45-67",
            "+7 (916) 123-45-67",
            "+7 916",
            "8 916",
            "916",
            "(916) 123",
            "(916) 123-",
            "123-45",
            "4567",
            "45 67",
            "/916/123.45",
        ],
    )
    def test_are_found_however_they_are_typed(self, typed: str) -> None:
        assert "Анна Семёнова" in names(typed)
        assert "Анна Кузнецова" not in names(typed)

    @pytest.mark.parametrize("typed", ["0612345678", "06 12 34 56 78", "0033 6 12 34", "33612"])
    def test_of_other_countries_are_found(self, typed: str) -> None:
        assert names(typed) == ["Zoë O'Neill-Çelik"]

    @pytest.mark.parametrize("typed", ["89169999999", "4568", "+1 916", "9161234567890"])
    def test_of_nobody_find_nobody(self, typed: str) -> None:
        assert names(typed) == []

    @pytest.mark.parametrize("typed", ["0000", "00 00", "5550000"])
    def test_may_end_in_zeros(self, typed: str) -> None:
        assert names(typed) == ["Пётр Семёнов"]

    @pytest.mark.parametrize("typed", ["00000", "0 0 0 0 0 0 0 0"])
    def test_of_zeros_alone_find_nobody(self, typed: str) -> None:
        assert names(typed) == []

    @pytest.mark.parametrize(
        ("typed", "name"), [("0022", "Анна Кузнецова"), ("8888", "Ли"), ("08888", "Ли")]
    )
    def test_are_found_by_last_digits_that_look_like_a_prefix(self, typed: str, name: str) -> None:
        assert names(typed) == [name]

    @pytest.mark.parametrize("typed", ["1", "22", "7"])
    def test_may_be_of_one_or_two_digits(self, typed: str) -> None:
        assert "Анна Кузнецова" in names(typed)

    def test_may_stand_beside_a_name(self) -> None:
        assert names("анна 4567") == names("4567 анна") == ["Анна Семёнова"]

    def test_do_not_hide_the_numbers_of_the_notes(self) -> None:
        make_client(name="Вера", notes="съёмка 12.05.2026, договор 17-3")

        assert names("12.05.2026") == names("17-3") == names("2026") == ["Вера"]

    @pytest.mark.parametrize("typed", ["٣", "٩١٦", "९१६"])
    def test_in_digits_of_other_scripts_do_not_find_everybody(self, typed: str) -> None:
        assert len(names(typed)) < 5


@pytest.mark.usefixtures("studio")
class TestAnythingTyped:
    @pytest.mark.parametrize("typed", ["", " ", "\t\n ", "\u00a0"])
    def test_that_is_nothing_lists_everybody(self, typed: str) -> None:
        assert len(names(typed)) == 5

    @pytest.mark.parametrize(
        "typed",
        [
            "'''",
            '""""',
            "%%%",
            "___",
            "\\",
            "\\\\\\",
            "-----",
            "()",
            "(((",
            ")))",
            "^^^",
            ":::",
            "{}[]",
            "text:",
            "text : анна",
            "client_id:анна",
            "AND",
            "OR",
            "NOT",
            "NEAR",
            "NEAR(анна, 5)",
            "анна OR петр",
            "анна AND семенова",
            "анна NOT семенова",
            "анна* кузнец*",
            "^анна",
            "анна + семенова",
            "'; DROP TABLE clients; --",
            '" OR 1=1 --',
            '"анна',
            'анна"',
            "😀",
            "😀😀😀",
            "анна 😀",
            "👨‍👩‍👧",
            "\u0301",
            "\u200b",
            "\ufeff",
            "\u202eанна",
            "?!.,;",
            "…",
            "+",
            "+++",
            "§§§",
            ":words",
            "%(words)s",
            "{0}",
            "\ufffd\ufffd\ufffd",
        ],
    )
    def test_is_looked_for_as_it_stands(self, typed: str) -> None:
        assert names(typed) == []

    @pytest.mark.parametrize(
        "typed",
        ["50%", "0% off", '"rush"', 'rush"', "***", "*", "%", "_", "a_b", "% %", "o'n", "l-c"],
    )
    def test_finds_such_signs_where_they_are_stored(self, typed: str) -> None:
        assert names(typed) == ["Zoë O'Neill-Çelik"]

    @pytest.mark.parametrize("typed", ["'n", "l-", "_b", "a_", "0%", '"r', 'h"', "**", "f,"])
    def test_finds_a_sign_with_what_is_beside_it(self, typed: str) -> None:
        make_client(name="Ольга", notes='a\'b -l n% _a b_ r" "h * 50 f')

        assert names(typed) == ["Zoë O'Neill-Çelik"]

    @pytest.mark.parametrize("typed", ["30", "36", "2d", "x2", "qx", "q", "ii", "2014", "61"])
    def test_finds_no_sign_by_its_number(self, typed: str) -> None:
        make_client(
            name="Ева — А", phone="+79990000007", email="eva@example.com", notes="a-b 2026-0042"
        )

        assert "Ева — А" not in names(typed)

    @pytest.mark.parametrize("typed", ["7б", "б3", "17б", "7б3"])
    def test_finds_a_letter_beside_a_digit(self, typed: str) -> None:
        make_client(name="Ева", notes="договор 17б3")
        make_client(name="Ия", notes="б 7 3 37 бб 31 7")

        assert names(typed) == ["Ева"]

    def test_finds_an_emoji_where_it_is_stored(self) -> None:
        make_client(name="Вера 🌻", notes="👨‍👩‍👧")

        assert names("🌻") == names("вера 🌻") == names("👨‍👩‍👧") == ["Вера 🌻"]

    @pytest.mark.parametrize("typed", ["\x00", "анна\x00", "\x00анна", "an\x00na", "916\x00"])
    def test_may_hold_a_nul(self, typed: str) -> None:
        client_lists.search(typed)

    @pytest.mark.parametrize("typed", ["анна " * 5000, "я" * 100_000, "9" * 100_000, '"' * 9999])
    def test_may_be_very_long(self, typed: str) -> None:
        client_lists.search(typed)

    def test_leaves_the_table_as_it_was(self) -> None:
        names("'; DROP TABLE clients; --")

        assert client_lists.count() == 5


class TestWhatHasChanged:
    def test_is_found_after_an_edit_and_what_was_there_is_not(self) -> None:
        client = make_client(name="Анна Семёнова", phone="+79161234567")

        edit(client, name="Анна Кузнецова", phone="+79261110022", email="a@example.com")

        for typed in ("кузнецова", "9261110022", "a@example.com", "ку"):
            assert names(typed) == ["Анна Кузнецова"]
        for typed in ("семенова", "9161234567", "се"):
            assert names(typed) == []

    def test_is_found_once_after_many_edits(self) -> None:
        client = make_client(name="Анна")

        for notes in ("весна", "лето", "осень", "зима"):
            edit(client, notes=notes)

        assert names("анна") == names("зима") == ["Анна"]
        assert names("осень") == []

    def test_of_the_notes_alone_is_found(self) -> None:
        client = make_client(name="Анна", notes="свадьба")

        edit(client, notes="")

        assert names("свадьба") == []
        assert names("анна") == ["Анна"]

    def test_is_found_in_the_bin_alone_while_it_lies_there(self) -> None:
        client = make_client(name="Анна Семёнова")

        clients.move_to_bin(client.id, actor=OLGA)

        assert (names("семенова"), names("се"), names("")) == ([], [], [])
        assert names("семенова", binned=True) == names("", binned=True) == ["Анна Семёнова"]

    def test_is_found_again_when_it_was_put_back(self) -> None:
        client = make_client(name="Анна Семёнова")
        clients.move_to_bin(client.id, actor=OLGA)

        clients.restore(client.id, actor=OLGA)

        assert names("семенова") == ["Анна Семёнова"]
        assert names("семенова", binned=True) == []

    def test_is_not_found_when_it_was_rolled_back(self) -> None:
        client = make_client(name="Анна Семёнова")

        with pytest.raises(ZeroDivisionError), atomic():
            edit(client, name="Анна Кузнецова")
            raise ZeroDivisionError

        assert names("кузнецова") == []
        assert names("семенова") == ["Анна Семёнова"]


class TestOrder:
    def test_is_by_name_without_regard_to_case_and_yo(self) -> None:
        for name in ("Яна", "ёлкина", "Елена", "анна", "Борис", "Zoë"):
            make_client(name=name)

        assert names("") == ["Zoë", "анна", "Борис", "Елена", "ёлкина", "Яна"]

    def test_of_digits_is_the_latest_first(self) -> None:
        for name in ("Яна", "Анна", "Борис"):
            make_client(name=name, notes="12.06")
        make_client(name="Вера")

        assert names("12.06") == ["Борис", "Анна", "Яна"]


class TestPages:
    def test_of_digits_give_each_once_the_latest_first(self) -> None:
        made = [make_client(name="БАВ"[n % 3], notes="12.06") for n in range(50)]
        binned = [make_client(notes="12.06", deleted_at=utcnow()) for _ in range(30)]

        for found, expected in ((pages("12.06"), made), (pages("12.06", binned=True), binned)):
            assert len(found[0]) == 20
            assert [client.id for page in found for client in page] == [
                client.id for client in reversed(expected)
            ]

    @pytest.mark.parametrize("few", [10, 1000])
    def test_of_digits_that_many_have_give_each_once(
        self, monkeypatch: pytest.MonkeyPatch, few: int
    ) -> None:
        monkeypatch.setattr(_first_clients, "FEW", few)  # of more PostgreSQL soon meets a page
        made = [make_client(name="БАВ"[n % 3], notes="12.06").id for n in range(19)]
        for _ in range(30):
            make_client()
        made += [make_client(name="БАВ"[n % 3], notes="12.06").id for n in range(10)]

        found = pages("12.06")

        assert [client.id for page in found for client in page] == made[::-1]

    def test_give_each_of_many_equal_names_once(self) -> None:
        made = {make_client(name="Анна").id for _ in range(75)}

        found = pages()

        assert [len(page) for page in found] == [30, 30, 15]
        assert_each_once(found, made)

    def test_give_each_of_mixed_names_once_in_order(self) -> None:
        made = {make_client(name=("Анна", "анна", "Борис", "Яна")[n % 4]).id for n in range(70)}

        found = pages()

        assert_each_once(found, made)
        order = [client.name.lower() for page in found for client in page]
        assert order == sorted(order)

    def test_of_a_search_give_each_once(self) -> None:
        made = {make_client(name=f"Анна {n % 3}").id for n in range(40)}
        for _ in range(40):
            make_client(name="Борис")

        assert_each_once(pages("анна"), made)
        assert_each_once(pages("ан"), made)

    def test_of_the_bin_give_each_once(self) -> None:
        made = {make_client(name="Анна", deleted_at=utcnow()).id for _ in range(40)}
        for _ in range(40):
            make_client(name="Анна")

        assert_each_once(pages(binned=True), made)

    @pytest.mark.parametrize("number", [0, 1, 29, 30])
    def test_are_one_page_up_to_thirty(self, number: int) -> None:
        for _ in range(number):
            make_client()

        page = client_lists.search()

        assert (len(page.clients), page.after) == (number, None)

    def test_lead_on_from_thirty_one(self) -> None:
        for _ in range(31):
            make_client(name="Анна")

        page = client_lists.search()

        assert (len(page.clients), page.after) == (30, page.clients[-1].id)

    def test_go_on_after_one_who_was_binned_meanwhile(self) -> None:
        made = {make_client(name="Анна").id for _ in range(35)}
        first = client_lists.search()
        assert first.after is not None
        clients.move_to_bin(first.after, actor=OLGA)

        second = client_lists.search(after=first.after)

        assert_each_once([list(first.clients), list(second.clients)], made)

    def test_lose_nobody_to_one_who_came_meanwhile(self) -> None:
        made = {make_client(name="Борис").id for _ in range(35)}
        first = client_lists.search()
        make_client(name="Анна")

        second = client_lists.search(after=first.after)

        assert_each_once([list(first.clients), list(second.clients)], made)


def assert_each_once(found: list[list[Client]], made: set[UUID]) -> None:
    ids = [client.id for page in found for client in page]
    assert len(ids) == len(set(ids)) == len(made)
    assert set(ids) == made


@pytest.mark.usefixtures("studio")
class TestSimilar:
    def test_are_found_by_name_or_phone(self) -> None:
        by_name = [client.name for client in client_lists.similar("семенова", "")]
        by_phone = [client.name for client in client_lists.similar("", "8 916 123")]

        assert by_name == by_phone == ["Анна Семёнова"]

    def test_are_named_once_and_by_phone_first(self) -> None:
        found = [client.name for client in client_lists.similar("анна", "9161234567")]

        assert found == ["Анна Семёнова", "Анна Кузнецова"]

    @pytest.mark.parametrize(
        ("name", "phone"), [("", ""), ("ан", "+7"), (" ан ", "  "), ("Вера", "+7495")]
    )
    def test_are_nobody_until_enough_is_typed(self, name: str, phone: str) -> None:
        assert list(client_lists.similar(name, phone)) == []

    def test_are_only_so_many(self) -> None:
        for n in range(9):
            make_client(name="Вера", phone=f"+7495000000{n}")

        assert len(client_lists.similar("вера", "+7495")) == 5
        assert len(client_lists.similar("вера", "+7495", limit=2)) == 2

    def test_are_not_in_the_bin(self) -> None:
        make_client(name="Вера", deleted_at=utcnow())

        assert list(client_lists.similar("вера", "")) == []


class TestCount:
    def test_leaves_out_the_bin(self) -> None:
        make_client()
        make_client(deleted_at=utcnow())

        assert client_lists.count() == 1


def test_those_come_first_whose_name_begins_with_the_word() -> None:
    for name in ("Алиса Андреева", "Анна Белова", "Яна Иванова", "Антон Чехов", "Янина Ан"):
        make_client(name=name)
    make_client(name="Борис Котов", notes="рамка для анны")
    db.session.commit()

    assert names("ан") == [
        "Анна Белова",
        "Антон Чехов",
        "Алиса Андреева",
        "Борис Котов",
        "Янина Ан",
    ]
    assert names("анн") == ["Анна Белова", "Борис Котов"]
    assert names("ан че") == ["Антон Чехов"]


@pytest.mark.parametrize("typed", ["ан", "анна", "а", "example"])
@pytest.mark.parametrize("binned", [False, True])
def test_all_pages_of_a_word_hold_each_client_once(typed: str, binned: bool) -> None:
    owners = ["Анна", "Антон", "Ольга Анина", "Яна", "Сусанна"]
    for number in range(70):
        make_client(
            name=f"{owners[number % 5]} {number % 7}",
            email=f"a{number}@mail.example",
            deleted_at=utcnow() if binned else None,
        )
    db.session.commit()

    found = [client for page in pages(typed, binned=binned) for client in page]

    meant = {
        "ан": ("Анна", "Антон", "Ольга Анина"),
        "анна": ("Анна", "Сусанна"),
        "а": ("Анна", "Антон", "Ольга Анина"),
        "example": tuple(owners),
    }[typed]
    assert len(found) == 14 * len(meant) == len({client.id for client in found})
    assert all(client.name.startswith(meant) for client in found)
    begun = [client.sort_name.startswith(typed) for client in found]
    assert begun == sorted(begun, reverse=True)
