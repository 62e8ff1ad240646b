"""``openapi.yaml`` as something that judges requests and answers, prepared once."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from urllib.parse import parse_qsl

import yaml
from jsonschema_rs import Draft202012Validator
from multipart import MultipartError, MultipartParser, parse_options_header

from .problem import Problem

JSON = "application/json"
FORM = "multipart/form-data"
PDF = "application/pdf"
METHODS = ("get", "put", "post", "delete", "patch")


@dataclass
class Request:
    """One request that follows the contract."""

    operation: Operation
    path: dict
    query: dict
    content: dict = field(default_factory=dict)  # the JSON body or the manifest
    pdfs: dict[str, bytes] = field(default_factory=dict)
    account: str = ""


@dataclass
class Operation:
    id: str
    method: str
    pattern: re.Pattern
    secured: bool
    parameters: dict[tuple[str, str], tuple[bool, dict, Draft202012Validator]]
    bodies: dict[str, Draft202012Validator]
    answers: dict[str, dict[str, Draft202012Validator | None]]

    def parse(self, path: dict, query: str, content_type: str, body: bytes) -> Request:
        """:raises Problem: 400 or 415 for what breaks the contract"""
        request = Request(self, {}, {})
        request.path = self._check_parameters("path", path)
        request.query = self._check_parameters(
            "query", dict(parse_qsl(query, keep_blank_values=True))
        )
        if self.bodies:
            self._parse_body(request, content_type, body)
        elif body:
            raise _invalid("a body where none is wanted")
        return request

    def _check_parameters(self, where: str, given: dict) -> dict:
        found = {}
        for name, text in given.items():
            if (where, name) not in self.parameters:
                raise _invalid(f"unknown {where} parameter {name}")
            _required, schema, validator = self.parameters[where, name]
            is_number = schema.get("type") == "integer" and text.isdecimal()
            found[name] = int(text) if is_number else text
            _check(validator, found[name], f"{where} parameter {name}")
        for (place, name), (required, _schema, _validator) in self.parameters.items():
            if place == where and required and name not in found:
                raise _invalid(f"{where} parameter {name} is missing")
        return found

    def _parse_body(self, request: Request, content_type: str, body: bytes) -> None:
        media, options = parse_options_header(content_type)
        if media not in self.bodies:
            raise Problem(415, "unsupported_media_type", "Wrong media type", media)
        if media == FORM:
            manifest, request.pdfs = _parts(options.get("boundary", ""), body)
            request.content = manifest
            _check(self.bodies[media], {"manifest": manifest}, "body")
        else:
            request.content = _json(body)
            _check(self.bodies[media], request.content, "body")

    def judge_answer(self, status: int, media: str, content) -> str:
        """What is wrong with an answer of ours, or nothing."""
        known = self.answers.get(str(status))
        if known is None and status >= 400:
            known = self.answers.get("default")
        if known is None or media not in known:
            return f"{self.id}: {status} {media} is not foreseen"
        validator = known[media]
        if validator is None:
            return "" if content.startswith(b"%PDF-") else f"{self.id}: not a PDF"
        fault = next(validator.iter_errors(content), None)
        return f"{self.id}: {_where(fault)}" if fault else ""


class Contract:
    def __init__(self, path: Path):
        self._doc = yaml.load(path.read_bytes(), yaml.CSafeLoader)
        self.operations = [
            self._operation(route, method, spec)
            for route, item in self._doc["paths"].items()
            for method, spec in item.items()
            if method in METHODS
        ]

    def find(self, method: str, path: str) -> tuple[Operation, dict]:
        """:raises Problem: 404, 405"""
        matches = [(o, m) for o in self.operations if (m := o.pattern.fullmatch(path))]
        for operation, match in matches:
            if operation.method == method:
                return operation, match.groupdict()
        if matches:
            raise Problem(405, "method_not_allowed", "No such method here")
        raise Problem(404, "not_found", "Nothing here")

    def _operation(self, route: str, method: str, spec: dict) -> Operation:
        shared = self._doc["paths"][route].get("parameters", [])
        parameters = {}
        for parameter in map(self._resolve, shared + spec.get("parameters", [])):
            schema = self._resolve(parameter["schema"])
            parameters[parameter["in"], parameter["name"]] = (
                parameter.get("required", False),
                schema,
                self._validator(schema),
            )
        body = self._resolve(spec.get("requestBody", {}))
        answers = {
            str(status): {
                media: self._validator(content["schema"]) if content else None
                for media, content in self._resolve(answer)["content"].items()
            }
            for status, answer in spec["responses"].items()
        }
        return Operation(
            id=spec["operationId"],
            method=method.upper(),
            pattern=re.compile(re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", route)),
            secured=spec.get("security", self._doc["security"]) != [],
            parameters=parameters,
            bodies={
                media: self._validator(content["schema"])
                for media, content in body.get("content", {}).items()
            },
            answers=answers,
        )

    def _resolve(self, node: dict) -> dict:
        while "$ref" in node:
            target = self._doc
            for key in node["$ref"].removeprefix("#/").split("/"):
                target = target[key]
            node = target
        return node

    def _validator(self, schema: dict) -> Draft202012Validator:
        return Draft202012Validator({**schema, "components": self._doc["components"]})


def _invalid(detail: str) -> Problem:
    return Problem(400, "invalid_request", "The request breaks the contract", detail)


def _where(fault) -> str:
    place = "/".join(map(str, fault.instance_path))
    return f"/{place}: {fault.message}"[:400]


def _check(validator: Draft202012Validator, value, where: str) -> None:
    if not validator.is_valid(value):
        fault = next(validator.iter_errors(value))
        raise _invalid(f"{where} {_where(fault)}")


def _json(body: bytes):
    try:
        return json.loads(body)
    except ValueError as error:
        raise _invalid(f"not JSON: {error}") from error


def _parts(boundary: str, body: bytes) -> tuple[dict, dict[str, bytes]]:
    """The manifest and the PDFs by the name of their part."""
    whole = len(body) + 1
    try:
        parser = MultipartParser(
            BytesIO(body),
            boundary,
            content_length=len(body),
            memfile_limit=whole,
            memory_limit=whole,
            buffer_size=256 * 1024,
        )
        parts = list(parser)
    except (MultipartError, ValueError) as error:
        raise _invalid(f"not multipart: {error}") from error
    manifest, pdfs = None, {}
    for part in parts:
        if part.name in pdfs or (part.name == "manifest" and manifest is not None):
            raise _invalid(f"part {part.name} comes twice")
        wanted = JSON if part.name == "manifest" else PDF
        if part.content_type != wanted:
            raise _invalid(f"part {part.name} is not {wanted}")
        if wanted == JSON:
            manifest = _json(part.raw)
        else:
            pdfs[part.name] = part.raw
    if not isinstance(manifest, dict):
        raise _invalid("part manifest is missing")
    return manifest, pdfs
