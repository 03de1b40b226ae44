"""The studio's logo and colours, for every customer's page.

The word `studio` can never be a portrait's code: those have ten characters.
"""

from flask import Response, request

from vertex.blueprints.ar._blueprint import bp
from vertex.errors import NotFoundError
from vertex.runtime import runtime
from vertex.services import studio
from vertex.web.files import IMMUTABLE, REVALIDATE, send_stored
from vertex.web.studio import stylesheet, version_of_file, version_of_text


@bp.get("/studio/logo")
def studio_logo() -> Response:
    """Send the logo."""
    key = studio.get().logo_key
    if key is None:
        raise NotFoundError(kind="file")
    return send_stored(runtime().storage, key, cache=_cache(version_of_file(key)))


@bp.get("/studio/colours.css")
def studio_colours() -> Response:
    """Send the rules that put the studio's colours in the place of the design's."""
    css = stylesheet(studio.get().accent)
    response = Response(css, content_type="text/css; charset=utf-8")
    version = version_of_text(css)
    response.headers["Cache-Control"] = _cache(version)
    response.set_etag(version)
    response.make_conditional(request)
    return response


def _cache(version: str) -> str:
    """For good where the address names what is sent; a page of yesterday names another."""
    return IMMUTABLE if request.args.get("v") == version else REVALIDATE
