"""Reads streams of Bedrock as botocore does. Its argument is a list in JSON of calls: a base URL and an operation. It prints
for each what came, and the error."""

import json
import sys
from concurrent.futures import ThreadPoolExecutor

import botocore.session
from botocore import UNSIGNED
from botocore.config import Config

# The gateway signs. botocore sends bearer tokens over TLS alone, so the token is in the path.
CONFIG = Config(signature_version=UNSIGNED, retries={"total_max_attempts": 1}, read_timeout=30, proxies={})
SESSION = botocore.session.Session()


def client_for(url):
    return SESSION.create_client("bedrock-runtime", "eu-west-1", endpoint_url=url, config=CONFIG)


def stream_of(client, operation):
    model = "eu.anthropic.claude-sonnet-4-5-20250929-v1:0"
    if operation == "converse-stream":
        messages = [{"role": "user", "content": [{"text": "Hello"}]}]
        return client.converse_stream(modelId=model, messages=messages)["stream"]
    return client.invoke_model_with_response_stream(modelId=model, body="{}")["body"]


def talk(call):
    client, operation = call
    events = []
    try:
        for event in stream_of(client, operation):
            events += event.keys()
    except Exception as error:
        said = getattr(error, "response", {}).get("Error")
        return {"events": events, "type": type(error).__name__, "error": said}
    return {"events": events}


calls = [(client_for(url), operation) for url, operation in json.loads(sys.argv[1])]
with ThreadPoolExecutor(len(calls)) as pool:
    print(json.dumps(list(pool.map(talk, calls))))
