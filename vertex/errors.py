"""What can go wrong in the domain. Nothing here knows about HTTP."""

from typing import ClassVar


class DomainError(Exception):
    """A refusal the user should read: a stable code with parameters; `web` makes the sentence."""

    default_code: ClassVar[str] = "refused"

    def __init__(self, code: str = "", **params: object) -> None:
        self.code = code or self.default_code
        self.params = params
        super().__init__(f"{self.code} {params}" if params else self.code)


class NotFoundError(DomainError):
    """What was asked for is not there, or not any more."""

    default_code = "not_found"


class GoneError(NotFoundError):
    """What was asked for has been here, and is not any more."""

    default_code = "gone"


class ConflictError(DomainError):
    """The change contradicts what is stored already."""

    default_code = "conflict"


class ForbiddenError(DomainError):
    """The actor may not do this."""

    default_code = "forbidden"


class ClosedError(ForbiddenError):
    """The studio does not show this now; `since` or `until` tell when that began or ends."""

    default_code = "closed"


class InvalidError(DomainError):
    """The input is well-formed but unacceptable; `field` says which part."""

    default_code = "invalid"

    def __init__(self, code: str = "", *, field: str | None = None, **params: object) -> None:
        super().__init__(code, **params)
        self.field = field


class TooLargeError(InvalidError):
    """The input is larger than we accept."""

    default_code = "too_large"


class TooManyError(DomainError):
    """Too many attempts; `seconds` says after how long another is welcome."""

    default_code = "too_many"

    def __init__(self, code: str = "", *, seconds: int, **params: object) -> None:
        super().__init__(code, **params)
        self.seconds = seconds
