"""Talks to fake providers with the official clients, all at once, and prints what they yielded."""

import json
import sys
from concurrent.futures import ThreadPoolExecutor

# Threads that import one package at the same time may block each other.
import anthropic.resources  # noqa: F401
import google.genai  # noqa: F401
import openai.resources.chat.completions  # noqa: F401
import openai.resources.responses  # noqa: F401

PROMPT = "hello"
MESSAGES = [{"role": "user", "content": PROMPT}]


def openai_chat(base):
    from openai import OpenAI

    client = OpenAI(api_key="none", base_url=base + "/v1", max_retries=0)
    for chunk in client.chat.completions.create(model="m", messages=MESSAGES, stream=True):
        yield chunk.choices[0].delta.content or ""


def openai_responses(base):
    from openai import OpenAI

    client = OpenAI(api_key="none", base_url=base + "/v1", max_retries=0)
    for event in client.responses.create(model="m", input=PROMPT, stream=True):
        if event.type == "response.output_text.delta":
            yield event.delta


def openai_azure(base):
    from openai import AzureOpenAI

    client = AzureOpenAI(
        api_key="none",
        api_version="2026-01-01",
        azure_endpoint=base,
        azure_deployment="d",
        max_retries=0,
    )
    for chunk in client.chat.completions.create(model="m", messages=MESSAGES, stream=True):
        yield chunk.choices[0].delta.content or ""


def anthropic_messages(base):
    from anthropic import Anthropic

    client = Anthropic(api_key="none", base_url=base, max_retries=0)
    for event in client.messages.create(model="m", max_tokens=9, messages=MESSAGES, stream=True):
        if event.type == "content_block_delta":
            yield event.delta.text


def genai(base):
    from google.genai import Client
    from google.genai.types import HttpOptions

    options = HttpOptions(base_url=base, api_version="v1beta")
    client = Client(api_key="none", http_options=options)
    for chunk in client.models.generate_content_stream(model="m", contents=PROMPT):
        yield chunk.text or ""


def genai_async(base):
    import asyncio

    from google.genai import Client
    from google.genai.types import HttpOptions

    async def pieces():
        options = HttpOptions(base_url=base, api_version="v1beta")
        client = Client(api_key="none", http_options=options)
        stream = await client.aio.models.generate_content_stream(model="m", contents=PROMPT)
        return [chunk.text or "" async for chunk in stream]

    yield from asyncio.run(pieces())


CONVERSATIONS = {
    "openai chat": openai_chat,
    "openai responses": openai_responses,
    "openai azure": openai_azure,
    "anthropic": anthropic_messages,
    "google-genai": genai,
    "google-genai asynchronous": genai_async,
}


def outcome(client, base):
    text = ""
    try:
        for piece in CONVERSATIONS[client](base):
            text += piece
        return {"text": text}
    except Exception as error:
        names = ["status_code", "code", "type", "status"]
        found = {it: getattr(error, it, None) for it in names}
        thrown = {"name": type(error).__name__} | {k: v for k, v in found.items() if v is not None}
        return {"text": text, "error": f"{type(error).__name__}: {error}"[:200], "thrown": thrown}


# Names of clients and the base URL of each: all talk at once.
clients = json.loads(sys.argv[1])
with ThreadPoolExecutor(len(clients)) as pool:
    print(json.dumps(list(pool.map(lambda it: outcome(*it), clients))))
