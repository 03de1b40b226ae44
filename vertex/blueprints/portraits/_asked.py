"""What an address of the portraits asks for."""

from flask import request

from vertex.services.portrait_lists import Only, Wish
from vertex.web.requests import asked_choice

_FILTERS = ("q", "only", "view", "bin")


def asked_portraits() -> Wish:
    """Which portraits are asked for."""
    return Wish(
        typed=request.args.get("q", ""),
        only=asked_choice("only", Only),
        binned=request.args.get("bin") == "1",
    )


def asked_filters() -> dict[str, str]:
    """The filters of the address, which every link of the page carries on."""
    return {name: value for name in _FILTERS if (value := request.args.get(name, "")[:200])}
