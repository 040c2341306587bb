"""Signs one request with the published SDK, sends it, and prints what came back as JSON."""

import json
import sys
import time

import requests
from signway_sdk import sign_url

exchange = json.loads(sys.argv[1])
# sign_url adds Content-Length to the headers it is given, so it gets a copy of its own.
url = sign_url(**exchange["sign"])
time.sleep(exchange.get("wait", 0))

session = requests.Session()
session.trust_env = False
body = exchange.get("body")
response = session.request(
    exchange["sign"]["method"],
    url,
    headers=exchange.get("headers"),
    data=None if body is None else body.encode(),
    allow_redirects=False,
)
print(json.dumps({"status": response.status_code, "body": response.text}))
