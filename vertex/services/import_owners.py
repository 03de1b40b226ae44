"""Whose the things of a table are: what is stored of them is asked once for all rows."""

from collections.abc import Callable, Iterable

from vertex.errors import ConflictError, InvalidError
from vertex.services import clients, orders


class Owners:
    """Who has which phone and which order, as it is stored and as the rows before have said."""

    def __init__(self, phones: Iterable[str], numbers: Iterable[str] = ()) -> None:
        """Look up everybody who may be meant; what cannot be read is refused at its own row."""
        self._names = clients.names_by_phone(_readable(phones, clients.normalise_phone))
        self._phones = orders.phones_by_number(_readable(numbers, orders.normalise_number))

    def name_of(self, phone: str) -> str | None:
        """Return who has this phone."""
        return self._names.get(phone)

    def knows_order(self, number: str) -> bool:
        """Tell whether there is an order of this number, or will be."""
        return number in self._phones

    def add(self, name: str, phone: str, number: str = "") -> list[str]:
        """Return what a row makes of these, and remember it for the rows that follow.

        ConflictError if somebody else has the phone or the order.
        """
        known = self._names.get(phone)
        if known is not None and not clients.same_name(known, name):
            raise ConflictError("phone_of_other", phone=phone, name=known)
        if number and self._phones.get(number, phone) != phone:
            raise ConflictError("order_of_another_client", number=number)
        made = [] if known is not None else ["client"]
        self._names.setdefault(phone, name)
        if number and number not in self._phones:
            self._phones[number] = phone
            made.append("order")
        return made


def _readable(written: Iterable[str], normalise: Callable[[str], str]) -> set[str]:
    found = set()
    for text in written:
        try:
            found.add(normalise(text))
        except InvalidError:
            continue
    return found
