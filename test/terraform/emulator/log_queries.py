"""The saved queries of CloudWatch Logs Insights, which moto does not know: put, list, delete."""

import json
import uuid
from typing import Any

from moto.logs.responses import LogsResponse

# By account, region and id: what was put, plus its id.
_definitions: dict[tuple[str, str, str], dict[str, Any]] = {}


def install() -> None:
    LogsResponse.put_query_definition = _put  # type: ignore[attr-defined]
    LogsResponse.describe_query_definitions = _describe  # type: ignore[attr-defined]
    LogsResponse.delete_query_definition = _delete  # type: ignore[attr-defined]


def _put(self: Any) -> str:
    parameters = json.loads(self.body)
    parameters.pop("clientToken", None)
    query_id = parameters.setdefault("queryDefinitionId", str(uuid.uuid4()))
    _definitions[self.current_account, self.region, query_id] = parameters
    return json.dumps({"queryDefinitionId": query_id})


def _describe(self: Any) -> str:
    prefix = json.loads(self.body).get("queryDefinitionNamePrefix", "")
    found = [
        definition
        for (account, region, _), definition in _definitions.items()
        if (account, region) == (self.current_account, self.region) and definition["name"].startswith(prefix)
    ]
    return json.dumps({"queryDefinitions": found})


def _delete(self: Any) -> str:
    query_id = json.loads(self.body)["queryDefinitionId"]
    removed = _definitions.pop((self.current_account, self.region, query_id), None)
    return json.dumps({"success": removed is not None})
