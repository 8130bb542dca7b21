"""What every answer tells the browser: what it may run, keep and send on."""

from flask import Flask, Response

from service.config import Config
from service.web.present import is_current_asset

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
HALF_A_YEAR = 182 * 24 * 3600
FOR_EVER = "public, max-age=31536000, immutable"


def register(app: Flask, config: Config) -> None:
    """Set the headers on every answer that has not set its own."""

    @app.after_request
    def tell(response: Response) -> Response:
        headers = response.headers
        headers.setdefault("Content-Security-Policy", POLICY)
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "same-origin"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        if config.secure_cookies:
            headers["Strict-Transport-Security"] = f"max-age={HALF_A_YEAR}"
        if is_current_asset():
            headers["Cache-Control"] = FOR_EVER
        else:
            headers.setdefault("Cache-Control", "no-store")
        return response
