"""Says what AWS's own models object to in the parameters of a workflow's SDK integrations.

Reads a state machine's definition from stdin, writes a JSON list of sentences to stdout. Step Functions takes the
names of the API's parameters in PascalCase, and S3's models are written so; other services' names begin with a small
letter in some models, so the first letter is compared without its case.
"""

import json
import re
import sys
from typing import Any, Iterator

import botocore.session
from botocore.model import ListShape, OperationModel, Shape, StructureShape
from botocore.validate import ParamValidator

RESOURCE = re.compile(r"arn:(?:aws|\$\{Partition\}):states:::aws-sdk:(?P<service>\w+):(?P<action>\w+)$")
SAMPLES: dict[str, Any] = {
    "string": "x" * 40,
    "integer": 1,
    "long": 1,
    "boolean": True,
    "float": 1.0,
    "double": 1.0,
    "blob": b"x",
    "timestamp": 0,
    "list": [],
    "map": {},
    "structure": {},
}


def tasks(states: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, state in states.items():
        if state["Type"] == "Task":
            yield name, state
        for inner in [state.get("ItemProcessor"), *state.get("Branches", [])]:
            if inner:
                yield from tasks(inner["States"])
        reader = state.get("ItemReader"), state.get("ResultWriter")
        for label, part in zip(("ItemReader", "ResultWriter"), reader):
            # Their resources are integrations of S3 with a few parameters of Step Functions' own.
            if part and not part["Resource"].startswith("arn:aws:states:::s3:"):
                yield f"{name}.{label}", part


def operation_of(service: str, action: str) -> OperationModel:
    session = botocore.session.get_session()
    model = session.get_service_model({"sfn": "stepfunctions"}.get(service, service))
    return model.operation_model(action[0].upper() + action[1:])


def as_sent(value: Any, shape: Shape | None) -> Any:
    """The parameters with a sample for each value that is only known in a run, and the names as the model has them."""
    if isinstance(value, dict) and isinstance(shape, StructureShape):
        sent = {}
        for key, inner in value.items():
            is_path = key.endswith(".$")
            name = key.removesuffix(".$")
            known = next((member for member in shape.members if member.lower() == name.lower()), name)
            member = shape.members.get(known)
            sent[known] = sample_of(member) if is_path else as_sent(inner, member)
        return sent
    if isinstance(value, dict):
        return {key.removesuffix(".$"): "x" if key.endswith(".$") else inner for key, inner in value.items()}
    if isinstance(value, list) and isinstance(shape, ListShape):
        return [as_sent(inner, shape.member) for inner in value]
    return value


def sample_of(shape: Shape | None) -> Any:
    if shape is None:
        return "x"
    enum = getattr(shape, "enum", None)
    return enum[0] if enum else SAMPLES[shape.type_name]


def objections(name: str, task: dict[str, Any]) -> list[str]:
    match = RESOURCE.match(task["Resource"])
    if match is None:
        return []
    where = f"{name} ({match['service']}:{match['action']})"
    try:
        operation = operation_of(match["service"], match["action"])
    except Exception as error:  # an unknown service or operation: botocore has a class for each
        return [f"{where}: {error}"]
    sent = as_sent(task.get("Parameters", {}), operation.input_shape)
    report = ParamValidator().validate(sent, operation.input_shape)
    found = [f"{where}: {line}" for line in report.generate_report().splitlines()]
    for member, value in sent.items():
        enum = getattr(operation.input_shape.members.get(member), "enum", None)
        if enum and value not in enum:
            found.append(f"{where}: {member} is {value}, but it must be one of {', '.join(enum)}")
    return found


def main() -> None:
    definition = json.load(sys.stdin)
    checked = [(name, task) for name, task in tasks(definition["States"]) if RESOURCE.match(task["Resource"])]
    json.dump(
        {
            "checked": [name for name, _ in checked],
            "objections": [line for name, task in checked for line in objections(name, task)],
        },
        sys.stdout,
    )


main()
