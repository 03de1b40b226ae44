"""Pictures and videos: what they are, and the files made from them."""

from vertex.media.errors import RefusedFileError, ToolError

__all__ = ["RefusedFileError", "ToolError"]
