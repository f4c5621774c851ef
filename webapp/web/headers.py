"""Security headers 安全响应头 on every answer: nothing inline, nothing from elsewhere, nothing kept."""

from flask import Flask, Response, current_app, request

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "img-src 'self' data:",
        "font-src 'self' data:",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
# The drawing editor sets style attributes on its shapes; its pages alone allow that, and nothing more.
EDITOR_POLICY = f"{CONTENT_SECURITY_POLICY}; style-src-attr 'unsafe-inline'"
PERMISSIONS_POLICY = ", ".join(
    f"{name}=()" for name in ("camera", "display-capture", "geolocation", "microphone", "payment", "usb")
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": PERMISSIONS_POLICY,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_WANTED = tuple((name.lower(), name, value) for name, value in HEADERS.items())
# Personal data must not stay in caches; hashed assets set their own Cache-Control.
NOT_KEPT = "no-store"
TWO_YEARS = "max-age=63072000"


def protect(answer: Response) -> Response:
    """Add the headers a view did not set itself (a download may set a stricter policy)."""
    there = {name.lower() for name in answer.headers.keys()}  # noqa: SIM118 - names, not pairs
    for lower, name, value in _WANTED:
        if lower not in there:
            answer.headers.add(name, value)
    answer.headers.setdefault("Cache-Control", NOT_KEPT)
    if request.is_secure or current_app.config["SESSION_COOKIE_SECURE"]:
        answer.headers.setdefault("Strict-Transport-Security", TWO_YEARS)
    return answer


def for_editor(answer: Response) -> Response:
    """An answer with the policy of the pages on which diagrams are drawn."""
    answer.headers["Content-Security-Policy"] = EDITOR_POLICY
    return answer


def install(app: Flask) -> None:
    """Protect every answer of the app, errors included."""
    app.after_request(protect)
