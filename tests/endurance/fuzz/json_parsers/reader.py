"""Reads a document in hexadecimal digits from each line, and writes what json.loads makes of it."""

import json
import struct
import sys


def meaning(value):
    if value is None:
        return "n"
    if value is True:
        return "t"
    if value is False:
        return "f"
    if isinstance(value, (int, float)):
        return "d" + struct.pack(">d", float(value) or 0.0).hex()
    if isinstance(value, str):
        return "s" + value.encode("utf-8", "surrogatepass").hex()
    if isinstance(value, list):
        return "[" + ",".join(map(meaning, value)) + "]"
    members = ((name.encode("utf-8", "surrogatepass").hex(), meaning(it)) for name, it in value.items())
    return "{" + ",".join(f"{name}:{it}" for name, it in sorted(members)) + "}"


sys.setrecursionlimit(100_000)
for line in sys.stdin:
    try:
        print(meaning(json.loads(bytes.fromhex(line))), flush=True)
    except (ValueError, OverflowError, RecursionError):
        print("!", flush=True)
