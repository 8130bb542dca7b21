"""The REST interface under /engine-rest, in the dialect of Camunda 7: for programs, not for people."""

from flask import Blueprint, Flask, Response, current_app, g, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound

from service.errors import AlurError
from service.language import LANGUAGES
from service.web.present import settings
from service.web.rest import (
    auth,
    checking,
    claims,
    comparing,
    decisions,
    definitions,
    deployments,
    engine,
    external,
    fetching,
    history,
    incidents,
    instance_variables,
    instances,
    jobs,
    kept_values,
    messages,
    migrations,
    modifications,
    refusals,
    revisions,
    task_values,
    tasks,
    visits,
    workers,
)
from service.web.rest.openapi import PREFIX
from service.web.rest.routes import Route

NOUNS = (
    *(engine, deployments, checking, definitions, revisions, comparing, decisions),
    *(instances, instance_variables, modifications, migrations),
    *(tasks, task_values, claims),
    messages,
    *(history, visits, kept_values),
    *(incidents, jobs),
    *(external, workers, fetching),
)
ALLOWED = "Authorization, Content-Type, Accept, Accept-Language, Idempotency-Key"
METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH")


def register(app: Flask) -> None:
    """Adds every route; the forgery protection of the pages does not apply, as no cookie counts here."""
    blueprint = Blueprint("rest", __name__, url_prefix=PREFIX)
    routes = tuple(route for noun in NOUNS for route in noun.ROUTES)
    for route in routes:
        endpoint = f"{route.method}{route.path}".translate({ord("."): "-"})
        blueprint.add_url_rule(route.rule, endpoint, route, methods=[route.method])
    for rule in ("/", "/<path:rest>"):
        blueprint.add_url_rule(rule, "unknown", unknown, methods=METHODS)
    blueprint.before_request(prepare)
    blueprint.after_request(dress)
    blueprint.register_error_handler(AlurError, refusals.refuse)
    blueprint.register_error_handler(HTTPException, refusals.refuse_http)
    blueprint.register_error_handler(Exception, refusals.refuse_unexpected)
    app.extensions["alur.routes"] = routes
    app.extensions["alur.verified"] = auth.Verified()
    app.extensions["alur.waiters"] = fetching.Waiters()
    app.extensions["csrf"].exempt(blueprint)
    app.register_blueprint(blueprint)


def prepare() -> Response | None:
    """Before the transaction: who asks, in which language, and what the request says."""
    g.language = request.accept_languages.best_match(LANGUAGES, settings().language)
    if request.method == "OPTIONS":
        return Response(status=204)
    view = current_app.view_functions[request.endpoint or ""]
    if not getattr(view, "open_to_all", False):
        auth.recognize()
    if isinstance(view, Route):
        g.arguments = view.read(request.view_args or {})
    return None


def unknown(rest: str = "") -> Response:
    """No such route, or not with this method."""
    address = current_app.url_map.bind("")
    own = request.endpoint
    if allowed := [method for method in METHODS if address.match(request.path, method)[0] != own]:
        raise MethodNotAllowed(allowed)
    raise NotFound


def dress(response: Response) -> Response:
    """What every answer carries: programs in any web page may read it, with a password of their own."""
    headers = response.headers
    headers["Access-Control-Allow-Origin"] = "*"
    if request.method == "OPTIONS":
        headers["Access-Control-Allow-Methods"] = ", ".join(METHODS)
        headers["Access-Control-Allow-Headers"] = ALLOWED
        headers["Access-Control-Max-Age"] = "86400"
        if "Access-Control-Request-Private-Network" in request.headers:
            headers["Access-Control-Allow-Private-Network"] = "true"
    headers["Cache-Control"] = "no-store"
    return refusals.challenge(response)
