"""POST /token: an access token for a signed-in user."""

import os
import time
from typing import Annotated

import jwt
from fastapi import Cookie, FastAPI, Response

SECRET = os.environ.get("SW_SECRET")
if not SECRET:
    raise SystemExit("SW_SECRET has to be set")

app = FastAPI()


def find_user(session: str | None) -> str | None:
    """Put your own session check here. Until then, the only session is the one in DEMO_SESSION."""
    return "user-1" if session and session == os.environ.get("DEMO_SESSION") else None


@app.post("/token")
def create_token(response: Response, session: Annotated[str | None, Cookie()] = None):
    response.headers["Cache-Control"] = "no-store"
    user = find_user(session)
    if user is None:
        response.status_code = 401
        return {"error": "Sign in first."}
    now = int(time.time())
    to = ["POST https://api.openai.com/v1/chat/completions"]
    claims = {"iss": "web", "iat": now, "exp": now + 300, "sub": user, "sw": {"to": to}}
    return {"token": jwt.encode(claims, SECRET, algorithm="HS256")}
