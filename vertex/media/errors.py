"""What can be wrong with a picture or a video."""


class RefusedFileError(Exception):
    """The file cannot be used; `code` is stable, `params` fill the sentence made from it."""

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params


class ToolError(Exception):
    """A program that media work needs is missing or failed for no fault of the file."""
