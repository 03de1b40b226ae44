"""The page that recognises the print and plays the video on it."""

from flask import Response, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from vertex.blueprints.ar._blueprint import bp, carried, seen
from vertex.blueprints.ar.closed import closed_page
from vertex.errors import ClosedError, NotFoundError
from vertex.runtime import runtime
from vertex.services import public_codes
from vertex.services.viewing import View
from vertex.web import viewer
from vertex.web.errors import wants_problem
from vertex.web.headers import keep, keep_process
from vertex.web.viewer_addresses import LiveAddresses


@bp.get("/<code>")
def show(code: str) -> ResponseReturnValue:
    """Show the page of a portrait or an album, or why it cannot be seen now."""
    named = public_codes.normalise(code)
    if named is not None and named != code:
        return redirect(url_for("ar.show", code=named, **carried()), 302)
    try:
        view = seen(code)
        if not view.shown:
            raise NotFoundError("code_gone")
    except (ClosedError, NotFoundError) as error:
        if wants_problem():
            raise
        return closed_page(code, error)
    return _page(view)


@bp.get("/<code>/standing")
def standing(code: str) -> ResponseReturnValue:
    """Show the video in a frame that stands on the print; only in development."""
    if not runtime().settings.debug_pages:
        raise NotFoundError(kind="page")
    return _page(seen(code), "ar/standing.html", "standing")


def _page(view: View, template: str = "ar/show.html", scene: str = "viewer") -> Response:
    asked = request.args.get("camera") == "no"
    page = viewer.page(view, LiveAddresses(view), template=template, scene=scene, asked=asked)
    response = make_response(page)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Security-Policy"] = viewer.policy(view, scene)
    films = view.rules.kept_offline
    return keep_process(keep(response, allowed=view.may_be_kept, films=films))
