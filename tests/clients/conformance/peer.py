"""An echo on the library websockets, and a client of it: an implementation that shares no code with the gateway's."""

import asyncio
import json
import os
import sys

from websockets.asyncio.client import connect
from websockets.asyncio.server import serve
from websockets.exceptions import ConnectionClosed


async def echo(connection):
    async for message in connection:
        if message == "close please":
            await connection.close(4001, "as you wish")
            return
        await connection.send(message)


async def talk(url):
    report = {}
    async with connect(url, subprotocols=["one", "two"], compression=None, max_size=None) as socket:
        report["subprotocol"] = socket.subprotocol
        for name, message in {
            "text": "Grüße 🔑 \ufeff",
            "empty": "",
            "binary": bytes(range(256)) * 300,
            "large": os.urandom(3_000_000),
        }.items():
            await socket.send(message)
            report[name] = await socket.recv() == message
        await socket.send(["in ", "frag", "ments"])
        report["fragments"] = await socket.recv() == "in fragments"
        await asyncio.wait_for(await socket.ping(b"x"), 10)
        many = [f"message {number}" for number in range(2000)]
        sending = asyncio.gather(*(socket.send(message) for message in many))
        report["order"] = [await socket.recv() for _ in many] == many
        await sending
        await socket.send("close please")
        try:
            await socket.recv()
        except ConnectionClosed as closed:
            report["closed"] = [closed.rcvd.code, closed.rcvd.reason]
    return report


async def main():
    async with serve(echo, "127.0.0.1", 0, subprotocols=["two"], compression="deflate", max_size=None) as server:
        port = server.sockets[0].getsockname()[1]
        print(json.dumps({"port": port}), flush=True)
        url = await asyncio.to_thread(sys.stdin.readline)
        print(json.dumps(await talk(url.strip())), flush=True)


asyncio.run(main())
