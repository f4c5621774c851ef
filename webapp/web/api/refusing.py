"""Refusals for programs 错误信息: Camunda's ``{type, message, code}`` under /engine-rest, our own under /api.

Where Camunda documents 500 for an act that is refused, 400 or 404 is answered: 5xx stays for our own faults.
"""

from datetime import UTC, datetime

from flask import Response, make_response, request

from webapp.domain.errors import EngineFault, Invalid, NotFound, Refused, RuleBroken
from webapp.web.passwords import LockedOut

ENGINE_REST, OWN = "/engine-rest", "/api"
CHALLENGE = 'Basic realm="zaishang", charset="UTF-8"'
# Our numbers, in the range Camunda leaves to applications; ``refusal`` says the same as a word.
CODES = {"NotFound": 20404, "NotAllowed": 20403, "Conflict": 20409, "Invalid": 20422, "RuleBroken": 20423}
OTHER_REFUSAL = 20400
FAULT = 20500
TYPES = {401: "AuthorizationException", 403: "AuthorizationException", 404: "InvalidRequestException"}


def is_program() -> bool:
    """True for an address of the API."""
    return any(request.path == door or request.path.startswith(f"{door}/") for door in (ENGINE_REST, OWN))


def refused(refusal: Refused) -> Response:
    """The answer for a refusal."""
    details: dict[str, object] = {}
    if isinstance(refusal, RuleBroken):
        details["reasons"] = [
            {"code": one.code, "sentence": one.sentence, "article": one.article} for one in refusal.reasons
        ]
    if isinstance(refusal, Invalid):
        details["problems"] = refusal.problems
    answer = _answer(refusal.status, refusal.code, _sentence(refusal), details)
    if refusal.status == 401:
        answer.headers["WWW-Authenticate"] = CHALLENGE
    if isinstance(refusal, LockedOut):
        answer.headers["Retry-After"] = str(max(1, int((refusal.until - datetime.now(UTC)).total_seconds())))
    return answer


def _sentence(refusal: Refused) -> str:
    """One sentence with every ground in it: programs often show nothing else."""
    if isinstance(refusal, RuleBroken):
        return "".join([refusal.sentence, *(one.sentence for one in refusal.reasons)])
    if isinstance(refusal, Invalid) and len(refusal.problems) < 10:
        said = [f"{name}：{why}" for name, why in refusal.problems.items() if why not in refusal.sentence]
        return "".join([refusal.sentence, *said])
    return NotFound().sentence if isinstance(refusal, NotFound) else refusal.sentence


def fault(error: EngineFault) -> Response:
    """The answer for an incident of the engine."""
    return _answer(500, "EngineFault", error.sentence, {"incidentId": error.incident_id})


def failed(status: int, code: str, sentence: str) -> Response:
    """The answer for what went wrong before an operation was reached, or for an unforeseen error."""
    return _answer(status, code, sentence, {})


def _answer(status: int, refusal: str, sentence: str, details: dict[str, object]) -> Response:
    if not request.path.startswith(ENGINE_REST):
        return make_response({"code": refusal, "message": sentence, **details}, status)
    # Camunda knows neither 409 nor 422.
    shown = 400 if status in (409, 422) else status
    body = {
        "type": _type(shown, refusal),
        "message": sentence,
        "code": CODES.get(refusal, FAULT if status >= 500 else OTHER_REFUSAL),
        "refusal": refusal,
        **details,
    }
    return make_response(body, shown)


def _type(status: int, refusal: str) -> str:
    if status in TYPES:
        return TYPES[status]
    return "InvalidRequestException" if refusal in ("Invalid", "Unreadable") else "RestException"
