"""What was found in a video and what was made of it, in words."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

SENTENCES: Mapping[str, LazyString] = {
    "kept": _("Every phone plays this video as it is: its pictures and sound are untouched."),
    "coded_again": _("Coded anew so that every phone plays it."),
    "trimmed": _("Cut to the chosen part."),
    "container": _("The file was %(found)s: now it is MP4."),
    "codec": _("Coded as %(found)s, which some phones cannot play: now it is H.264."),
    "brightness": _(
        "HDR (%(found)s), which looks pale on other screens: its brightness was fitted."
    ),
    "depth": _("More than 8 bits a colour, which phones cannot play: now it has 8."),
    "turned": _("Filmed with the phone turned by %(found)s°: it stands upright now."),
    "wide_pixels": _("Its pixels were not square: now they are."),
    "uneven": _("Its pictures came at a changing pace: now there are %(made)s a second."),
    "fast": _("%(found)s pictures a second: now there are %(made)s."),
    "size": _("%(found)s px: made smaller, to %(made)s px."),
    "sound_codec": _("Its sound was coded as %(found)s: now it is AAC."),
    "sound_channels": _("Its sound had %(found)s channels: now it is stereo."),
    "loudness": _("Its loudness was %(found)s LUFS: now it is %(made)s, as phones expect."),
    "sound_unusable": _("Its sound (%(found)s) could not be used: it is silent now."),
    "no_sound": _("It has no sound."),
    "muted": _("Its sound was left out, as you wished."),
    "transparent": _("It has transparent parts, which stay so on the print."),
}

FAILURES: Mapping[str, LazyString] = {
    "not_made": _("The server could not finish the work. Please try again."),
    "source_damaged": _("The stored file is damaged. Please upload the video again."),
    "video_short": _("Too little of the video can be played. Please export it again."),
}
_OTHER_FAILURE = _("The file is damaged inside. Please export the video again.")


def in_words(findings: list[dict[str, str]]) -> list[str]:
    """Each finding as a sentence."""
    known = [finding for finding in findings if finding["code"] in SENTENCES]
    return [str(SENTENCES[finding["code"]]) % finding for finding in known]


def failure_in_words(reason: str) -> str:
    """Why the films of a video could not be made, and what helps."""
    return str(FAILURES.get(reason, _OTHER_FAILURE))
