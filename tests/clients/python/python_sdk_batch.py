"""Signs a list of requests, given as JSON on stdin, and prints the list of URLs."""

import json
import sys
from datetime import datetime

from signway_sdk import sign_url

requests = json.load(sys.stdin)
print(
    json.dumps(
        [
            sign_url(**request["sign"], datetime_override=datetime.utcfromtimestamp(request["now"]))
            for request in requests
        ]
    )
)
