"""Examines an official client of PyPI, as `examine.ts` does with those of npm: by environment variables alone."""

import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor

SITUATION = json.loads(os.environ["SITUATION"])


def question_of(talk):
    return f"{SITUATION['run']}, {talk}: Grüße – who\nare you? 🔑"


def reading(pieces, usage, names, streamed):
    tokens = [getattr(usage, name) for name in names]
    answer = {"text": "".join(pieces), "inputTokens": tokens[0], "outputTokens": tokens[1]}
    return {**answer, "pieces": pieces} if streamed else answer


def openai_client():
    from openai import OpenAI

    return OpenAI()


CHAT_USAGE = ["prompt_tokens", "completion_tokens"]
USAGE = ["input_tokens", "output_tokens"]


def chat(client, question):
    messages = [{"role": "user", "content": question}]
    answer = client.chat.completions.create(model="gpt-test", messages=messages)
    return reading([answer.choices[0].message.content], answer.usage, CHAT_USAGE, False)


def chat_streamed(client, question):
    stream = client.chat.completions.create(
        model="gpt-test",
        messages=[{"role": "user", "content": question}],
        stream=True,
        stream_options={"include_usage": True},
    )
    chunks = list(stream)
    deltas = [chunk.choices[0].delta.content for chunk in chunks if chunk.choices]
    return reading([it for it in deltas if it], chunks[-1].usage, CHAT_USAGE, True)


def responses(client, question):
    answer = client.responses.create(model="gpt-test", input=question)
    return reading([answer.output_text], answer.usage, USAGE, False)


def responses_streamed(client, question):
    with client.responses.stream(model="gpt-test", input=question) as stream:
        pieces = [it.delta for it in stream if it.type == "response.output_text.delta"]
        return reading(pieces, stream.get_final_response().usage, USAGE, True)


def openai_more(client, question):
    tools = [{"type": "web_search"}]
    client.responses.create(model="gpt-test", input=question, tools=tools)


def openai_refusal(error):
    from openai import AuthenticationError, PermissionDeniedError

    if isinstance(error, (AuthenticationError, PermissionDeniedError)):
        return {"error": type(error).__name__, "status": error.status_code, "code": error.code}


def anthropic_client():
    from anthropic import Anthropic

    return Anthropic()


def messages_request(question):
    messages = [{"role": "user", "content": question}]
    return {"model": "claude-test", "max_tokens": 99, "messages": messages}


def messages(client, question):
    answer = client.messages.create(**messages_request(question))
    return reading([answer.content[0].text], answer.usage, USAGE, False)


def messages_streamed(client, question):
    with client.messages.stream(**messages_request(question)) as stream:
        pieces = list(stream.text_stream)
        return reading(pieces, stream.get_final_message().usage, USAGE, True)


def anthropic_more(client, question):
    tools = [{"type": "web_search_20250305", "name": "web_search"}]
    client.messages.create(**messages_request(question), tools=tools)


def anthropic_refusal(error):
    from anthropic import AuthenticationError, PermissionDeniedError

    if isinstance(error, (AuthenticationError, PermissionDeniedError)):
        code = error.body["code"]
        return {"error": type(error).__name__, "status": error.status_code, "code": code}


def google_client():
    from google.genai import Client

    return Client()


GOOGLE_USAGE = ["prompt_token_count", "candidates_token_count"]


def generate(client, question):
    answer = client.models.generate_content(model="gemini-test", contents=question)
    return reading([answer.text], answer.usage_metadata, GOOGLE_USAGE, False)


def generate_streamed(client, question):
    models = client.models
    chunks = list(models.generate_content_stream(model="gemini-test", contents=question))
    pieces = [chunk.text for chunk in chunks]
    return reading(pieces, chunks[-1].usage_metadata, GOOGLE_USAGE, True)


def google_more(client, question):
    config = {"tools": [{"google_search": {}}]}
    client.models.generate_content(model="gemini-test", contents=question, config=config)


def google_refusal(error):
    from google.genai.errors import ClientError

    if isinstance(error, ClientError):
        code = error.details["code"]
        return {"error": "ClientError", "status": error.code, "code": code}


CLIENTS = {
    "openai": (
        openai_client,
        openai_refusal,
        "OPENAI_API_KEY",
        {
            "chat": chat,
            "chat, streamed": chat_streamed,
            "responses": responses,
            "responses, streamed": responses_streamed,
        },
        openai_more,
    ),
    "anthropic": (
        anthropic_client,
        anthropic_refusal,
        "ANTHROPIC_API_KEY",
        {"messages": messages, "messages, streamed": messages_streamed},
        anthropic_more,
    ),
    "google-genai": (
        google_client,
        google_refusal,
        "GEMINI_API_KEY",
        {"generateContent": generate, "generateContent, streamed": generate_streamed},
        google_more,
    ),
}


def failure(error):
    return {"failed": f"{type(error).__name__}: {error}"}


def answer_of(client, talk, name):
    try:
        return talk(client, question_of(name))
    except Exception as error:
        return failure(error)


def refusal_of(client, talk, name, read):
    try:
        talk(client, question_of(name))
    except Exception as error:
        refusal = read(error)
        return {**refusal, "message": str(error)} if refusal else failure(error)
    return {"failed": "it was not refused"}


def examine(create, read, variable, talks, ask_for_more):
    def by_name(task):
        with ThreadPoolExecutor(len(talks)) as pool:
            outcomes = pool.map(lambda item: task(item[1], item[0]), talks.items())
            return dict(zip(talks, outcomes))

    client = create()
    answers = by_name(lambda talk, name: answer_of(client, talk, name))
    os.environ[variable] = SITUATION["expiredToken"]
    late = create()
    refusals = by_name(lambda talk, name: refusal_of(late, talk, name, read))
    os.environ[variable] = SITUATION["otherModelToken"]
    first = next(iter(talks.values()))
    model = refusal_of(create(), first, "model", read)
    os.environ[variable] = SITUATION["guardedToken"]
    more = refusal_of(create(), ask_for_more, "more", read)
    os.environ[variable] = SITUATION["usedUpToken"]
    tokens = refusal_of(create(), first, "tokens", read)
    ungranted = {"model": model, "more": more, "tokens": tokens}
    return {"answers": answers, "refusals": refusals, "ungranted": ungranted}


print(json.dumps(examine(*CLIENTS[sys.argv[1]])))
