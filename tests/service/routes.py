"""The operations of ``openapi.yaml``, by operationId."""

from __future__ import annotations

from .contract import JSON, PDF, Operation, Request

NAME, VERSION = "BeePOST reference service", "1.0"
MANIFEST_BYTES = 32 * 1024  # for each letter, on top of its PDF
SMALL_BODY = 1024 * 1024


def max_body_bytes(service, operation: Operation) -> int:
    if operation.id not in ("submit", "check"):
        return SMALL_BODY
    limits = service.intake.limits()
    letters = limits["max_request_letters"]
    return limits["max_request_bytes"] + letters * MANIFEST_BYTES


def carry_out(service, request: Request) -> tuple[int, object, str]:
    """(status, answer, media type)

    :raises Problem:
    """
    return globals()[f"_{request.operation.id}"](service, request)


def _ok(answer) -> tuple[int, object, str]:
    return 200, answer, JSON


def _token(service, request: Request):
    asked = request.content
    return _ok(service.accounts.new_token(asked["identifier"], asked["password"]))


def _forgotten_password(service, request: Request):
    return 202, {"message": "Un nouveau mot de passe est en route."}, JSON


def _request_account(service, request: Request):
    message = "Demande transmise au responsable Centre de Gestion."
    return 202, {"message": message}, JSON


def _ping(service, request: Request):
    return _ok({"name": NAME, "version": VERSION})


def _limits(service, request: Request):
    return _ok(service.intake.limits())


def _submit(service, request: Request):
    return _ok({"results": service.intake.submit(request)})


def _check(service, request: Request):
    return _ok({"results": service.intake.check(request)})


def _lookup(service, request: Request):
    references = request.content["client_references"]
    return _ok({"letters": service.intake.lookup(request.account, references)})


def _cancel(service, request: Request):
    reference = request.content["client_reference"]
    return _ok(service.life.cancel(request.account, reference))


def _quote(service, request: Request):
    return _ok({"quotes": service.life.quotes(request.content["letters"])})


def _events(service, request: Request):
    cursor, limit = request.query.get("cursor", ""), request.query.get("limit", 500)
    return _ok(service.life.events(request.account, cursor, limit))


def _proofs(service, request: Request):
    reference = request.path["client_reference"]
    return _ok(service.life.proofs(request.account, reference))


def _proof_content(service, request: Request):
    content = service.life.proof_content(request.account, **request.path)
    return 200, content, PDF


def _costs(service, request: Request):
    asked = {"cursor": "", "limit": 500, **request.query}
    return _ok(service.life.costs(request.account, **asked))
