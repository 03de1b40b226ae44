"""What can go wrong in the recogniser."""


class BadPictureError(Exception):
    """The bytes are no picture that can be decoded."""


class PoorPictureError(Exception):
    """The picture is sound, but a phone would not recognise it; `reason` is a stable code.

    `flat`: nearly one tone. `too_few_features`: too few corners. `not_found_again`: the recogniser
    itself did not find it in simulated prints.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class BadMarkerError(Exception):
    """The bytes are no marker file of a version this core reads; `reason` is a stable code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
