"""What the check page and the pages that cannot be seen say, in the reader's language."""

from flask_babel import gettext as _


def check_texts() -> dict[str, str]:
    """What the check page says of each step; {words} are filled in by its script."""
    return {
        "yes": _("yes"),
        "no": _("no"),
        "allow": _("Please allow the camera."),
        "size": _("open, {width} × {height}"),
        "camera-denied": _("not allowed"),
        "camera-missing": _("not found"),
        "camera-busy": _("used by another app"),
        "direct": _("direct: the fastest way"),
        "indirect": _("by the way “{way}”"),
        "nothing": _("nothing came from the camera"),
        "fast": _("fast: {ms} ms"),
        "middle": _("medium: {ms} ms"),
        "slow": _("slow: {ms} ms"),
        "rate": _("{rate} a second"),
        "look": _("Point the phone at it now."),
        "found": _("recognised"),
        "not-found": _("not recognised"),
    }


def closed_texts(state: str) -> tuple[str, str]:
    """The title and the sentence of a page that cannot be seen now."""
    return {
        "pin": (
            _("Please enter the PIN"),
            _("The studio gave it to you together with the print."),
        ),
        "paused": (
            _("Paused"),
            _("The studio has paused this for now. Please try again later, or ask the studio."),
        ),
        "later": (
            _("Not yet"),
            _("The studio shows this from a later day on. Please come back then."),
        ),
        "expired": (
            _("This has ended"),
            _(
                "The time in which this could be seen is over. Please ask the studio: your video "
                "may still be there."
            ),
        ),
        "deleted": (
            _("No longer here"),
            _(
                "The studio has removed what this print showed. Please ask the studio if that "
                "surprises you."
            ),
        ),
        "unknown": (
            _("Nothing behind this code"),
            _(
                "There is no photo behind this address. Please scan the code on the print again, "
                "or compare the letters."
            ),
        ),
    }[state]
