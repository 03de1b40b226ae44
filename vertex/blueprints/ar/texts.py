"""What the customer's page says in each state, in the reader's language."""

from flask_babel import gettext as _


def viewer_texts() -> dict[str, str]:
    """Sentences by state, and by state and reason; a state without one says nothing."""
    return {
        "ready": "",
        "starting": _("One moment: please allow the camera."),
        "scanning": _("Point at the printed photo"),
        "found": "",
        "lost": _("Point at the printed photo"),
        "error": _("Something went wrong here. Please reload the page."),
        "error-video": _("The video cannot be played on this phone."),
        "fallback": _("You can watch the video here."),
        "fallback-asked": "",
        "fallback-camera-denied": _(
            "The camera is not allowed. You can allow it in the browser's settings for this page "
            "and reload, or watch the video here."
        ),
        "fallback-camera-missing": _("No camera was found. You can watch the video here."),
        "fallback-camera-busy": _(
            "Another app is using the camera. Close it and reload, or watch the video here."
        ),
        "fallback-unsupported": _(
            "This browser cannot recognise the print. You can watch the video here."
        ),
        "fallback-not-recognisable": _(
            "This picture cannot be recognised by the camera. You can watch the video here."
        ),
        "fallback-processing": _(
            "The picture is still being prepared for the camera. You can watch the video here, or "
            "reload in a minute."
        ),
        "fallback-marker-failed": _(
            "The picture could not be prepared for the camera. You can watch the video here."
        ),
        "fallback-no-video": _("There is no video for this picture yet."),
        "sound-on": _("Sound on"),
        "sound-off": _("Sound off"),
    }


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
