#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Whether standard input is what docs/nvmpathctl.schema.json says, key for key.

    check-schema.py SCHEMA DOCUMENT <JSON, or JSON a line

DOCUMENT is the verb's definition, as "status" or "list-path". Stricter than
the schema itself in one point: a key that it does not name is an error, too.
"""

import json
import sys

TYPES = {"string": str, "integer": int, "boolean": bool, "null": type(None), "array": list,
         "object": dict}


def is_type(value, names):
    for name in [names] if isinstance(names, str) else names:
        if isinstance(value, TYPES[name]) and not (name == "integer" and value is True):
            return True
    return False


def errors(value, schema, defs, at):
    while "$ref" in schema:
        schema = defs[schema["$ref"].rsplit("/", 1)[1]]
    if "const" in schema and value != schema["const"]:
        yield f"{at}: {value!r} is not {schema['const']!r}"
    if "enum" in schema and value not in schema["enum"]:
        yield f"{at}: {value!r} is none of {schema['enum']}"
    if "type" in schema and not is_type(value, schema["type"]):
        yield f"{at}: {value!r} is no {schema['type']}"
    if isinstance(value, list):
        for i, item in enumerate(value):
            yield from errors(item, schema.get("items", {}), defs, f"{at}[{i}]")
    if isinstance(value, dict):
        yield from object_errors(value, schema, defs, at)


def object_errors(value, schema, defs, at):
    known = schema.get("properties", {})
    for key in schema.get("required", []):
        if key not in value:
            yield f"{at}: lacks {key}"
    for key, item in value.items():
        rest = schema.get("additionalProperties")
        if key not in known and rest is None:
            yield f"{at}: {key} is not in the schema"
        yield from errors(item, known.get(key, rest or {}), defs, f"{at}.{key}")


def main():
    with open(sys.argv[1]) as f:
        defs = json.load(f)["$defs"]
    text = sys.stdin.read()
    documents = [json.loads(line) for line in text.splitlines()]
    bad = [e for d in documents
           for e in errors(d, {"$ref": "#/$defs/document-" + sys.argv[2]}, defs, sys.argv[2])]
    print("\n".join(bad[:5]) or f"{sys.argv[2]}: {len(documents)} as the schema says")
    return 1 if bad or not documents else 0


sys.exit(main())
