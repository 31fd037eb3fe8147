"""`airisk-tui schema`: the JSON Schema of a command's document (draft 2020-12)."""

from __future__ import annotations

import argparse
import json
import re
from importlib.resources import files
from typing import Any

from airisk_tui.headless.shared import output
from airisk_tui.headless.shared.parser import nearest_to
from airisk_tui.headless.shared.process import UsageError

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema(args: argparse.Namespace) -> int:
    """Print the schema of the document that `args.name` names, or the names of all. Raises UsageError."""
    documents = _file()["documents"]
    if args.name is None:
        width = max(map(len, documents))
        for name, document in documents.items():
            output.put(f"{name:{width}}  {document['description']}")
        return 0
    if args.name not in documents:
        nearest = nearest_to(args.name, documents)
        raise UsageError(f"There is no document “{args.name}”.{nearest} There are: {', '.join(documents)}.")
    output.put_json(schema_of(args.name))
    return 0


def schema_of(name: str) -> dict[str, Any]:
    """The schema of a document, with the definitions that it needs. Raises KeyError for an unknown name."""
    file = _file()
    definitions = {**file["parts"], **file["documents"]}
    needed: dict[str, Any] = {}
    missing = [name]
    while missing:
        one = missing.pop()
        if one not in needed:
            needed[one] = definitions[one]
            missing += re.findall(r'"#/\$defs/([^"]+)"', json.dumps(definitions[one]))
    return {"$schema": DIALECT, "$ref": f"#/$defs/{name}", "$defs": {each: needed[each] for each in sorted(needed)}}


def _file() -> dict[str, dict[str, Any]]:
    """The members `documents` and `parts`, each with definitions by name."""
    file: dict[str, dict[str, Any]] = json.loads(
        files("airisk_tui.reference").joinpath("schemas.json").read_text("utf-8")
    )
    return file
