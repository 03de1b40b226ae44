"""What the customer's page says in each state, in the reader's language."""

from flask_babel import gettext as _


def viewer_texts() -> dict[str, str]:
    """Sentences by state, and by state and reason; a state without one says nothing."""
    return {**_states(), **_reasons(), **_buttons()}


def _states() -> dict[str, str]:
    return {
        "checking": "",
        "ready": "",
        "ready-away": _("The camera was switched off meanwhile. Tap Start to go on."),
        "starting": _("One moment: please allow the camera."),
        "scanning": _("Point at the printed photo"),
        "found": _("Found: the video plays on the photo."),
        "lost": _("Out of sight. Point at the photo again."),
        "ended": _("That was the video."),
        "error": _("Something went wrong here. Please reload the page."),
        "error-video": _("The video cannot be played on this phone."),
        "tip-closer": _("Go closer, until the photo fills the frame."),
        "tip-glare": _("Tilt the photo or the phone a little, so that nothing glares."),
        "tip-light": _("More light helps."),
    }


def _reasons() -> dict[str, str]:
    return {
        **_reasons_of_the_phone(),
        "fallback": _("You can watch the video here."),
        "fallback-asked": "",
        "fallback-not-found": _(
            "The print was not recognised so far, so the video plays here. Keep pointing at the "
            "print: as soon as it is recognised, the video moves onto it."
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
    }


def _reasons_of_the_phone() -> dict[str, str]:
    return {
        "fallback-camera-denied": _(
            "The camera is not allowed for this page. You can watch the video here, or allow the "
            "camera:"
        ),
        "fallback-camera-missing": _("No camera was found. You can watch the video here."),
        "fallback-camera-busy": _(
            "Another app is using the camera. Close it and tap “Use the camera”, or watch the "
            "video here."
        ),
        "fallback-insecure": _(
            "Browsers give the camera to encrypted addresses only, and this one is not: it begins "
            "with http. Please tell the studio. You can watch the video here."
        ),
        "fallback-in-app": _(
            "This app's own browser may not use the camera. Open the page in your phone's browser "
            "to see the photo come alive, or watch the video here."
        ),
        "fallback-no-wasm": _(
            "This browser is too old to recognise the print. You can watch the video here, or open "
            "the page in another browser."
        ),
        "fallback-no-webgl": _(
            "This browser cannot draw on the camera's picture. You can watch the video here, or "
            "open the page in another browser."
        ),
        "fallback-offline": _("There is no connection. The page goes on when it is back."),
        "fallback-unsupported": _(
            "This browser cannot recognise the print. You can watch the video here."
        ),
    }


def _buttons() -> dict[str, str]:
    return {
        "sound-on": _("Sound on"),
        "sound-off": _("Sound off"),
        "pause": _("Pause"),
        "play": _("Play"),
        "snapshot-shared": _("The picture was passed on."),
        "snapshot-saved": _("The picture was saved."),
        "snapshot-failed": _("The picture could not be taken."),
        "copied": _("The link was copied."),
        "album-found": _("found"),
    }
