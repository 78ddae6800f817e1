"""Writes down every call, one JSON line each: who (the access key, which here is a role's name), service, operation, on what."""

import json
import re
import threading
from pathlib import Path
from typing import Any

from moto.core.responses import BaseResponse
from moto.s3.responses import S3Response

_CREDENTIAL = re.compile(r"Credential=([^/]+)/")

# Where a call names what it is about, by service.
_RESOURCE_FIELDS = {
    "secretsmanager": ["SecretId"],
    "stepfunctions": ["executionArn", "stateMachineArn"],
    "sqs": ["QueueUrl"],
}


def install(work_folder: Path) -> None:
    record = _Record(work_folder / "calls.jsonl")
    call_action = BaseResponse.call_action
    authorize_s3 = S3Response._authenticate_and_authorize_s3_action

    def call_and_record(self: Any) -> Any:
        record.add(self, self.service_name, self._get_action(), _resource_of(self))
        return call_action(self)

    def authorize_and_record(self: Any, *args: Any, **kwargs: Any) -> Any:
        bucket = kwargs.get("bucket_name") or getattr(self, "bucket_name", "")
        key = kwargs.get("key_name") or getattr(self, "key_name", "")
        operation = str(self.data.get("Action")) + ("Version" if "versionId" in self.querystring else "")
        record.add(self, "s3", operation, f"arn:aws:s3:::{bucket}" + (f"/{key}" if key else ""))
        return authorize_s3(self, *args, **kwargs)

    BaseResponse.call_action = call_and_record  # type: ignore[method-assign]
    S3Response._authenticate_and_authorize_s3_action = authorize_and_record  # type: ignore[method-assign]


def _resource_of(response: Any) -> str:
    if response.service_name == "dynamodb":
        return _table_arn(response)
    if response.service_name == "lambda":
        return str(response.raw_path if hasattr(response, "raw_path") else response.path)
    if response.service_name == "sns":
        return str(response.querystring.get("TopicArn", [""])[0])
    try:
        body = json.loads(response.body)
    except (TypeError, ValueError):
        return ""
    fields = _RESOURCE_FIELDS.get(response.service_name, [])
    return next((str(body[field]) for field in fields if field in body), "")


def _table_arn(response: Any) -> str:
    """Calls name a table by its name, policies by its ARN."""
    # moto has parsed the body of these calls already.
    body = response.body if isinstance(response.body, dict) else json.loads(response.body)
    table = body.get("TableName", "")
    if table == "" or table.startswith("arn:"):
        return str(table)
    return f"arn:aws:dynamodb:{response.region}:{response.current_account}:table/{table}"


class _Record:
    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.Lock()

    def add(self, response: Any, service: str, operation: str, resource: str) -> None:
        signature = _CREDENTIAL.search(response.headers.get("Authorization") or "")
        who = signature.group(1) if signature else ""
        line = {"who": who, "service": service, "operation": operation, "resource": resource}
        with self._lock, self._file.open("a") as file:
            file.write(json.dumps(line) + "\n")
