"""Prints all names and values that the published semantic conventions define, one a line."""

import enum
import importlib
from pathlib import Path

import opentelemetry.semconv as semconv

root = Path(semconv.__path__[0])
found = set()
for path in root.rglob("*.py"):
    parts = path.relative_to(root).with_suffix("").parts
    module = importlib.import_module(".".join(["opentelemetry.semconv", *parts]).removesuffix(".__init__"))
    for value in vars(module).values():
        if isinstance(value, str):
            found.add(value)
        elif isinstance(value, type) and issubclass(value, enum.Enum):
            found.update(str(member.value) for member in value)
print("\n".join(sorted(text for text in found if "\n" not in text)))
