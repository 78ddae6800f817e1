"""What moto's Step Functions lacks: two calls that Terraform makes, second executions, and events of stopped ones."""

import copy
import datetime
import json
import threading
import uuid
from typing import Any

from moto.awslambda.utils import get_backend as lambda_backend
from moto.core.responses import ActionResult
from moto.events.models import events_backends
from moto.stepfunctions.models import StateMachine
from moto.stepfunctions.parser.api import ExecutionStatus
from moto.stepfunctions.parser.backend.execution import BaseExecutionWorkerCommunication
from moto.stepfunctions.parser.models import StepFunctionsParserBackend
from moto.stepfunctions.responses import StepFunctionResponse


def install(runtime: Any) -> None:
    _answer_terraform()
    _start_more_than_once()
    _keep_stopped_executions_aborted()
    _tell_of_stopped_executions(runtime)


def _answer_terraform() -> None:
    def validate_state_machine_definition(self: StepFunctionResponse) -> ActionResult:
        return ActionResult({"result": "OK", "diagnostics": [], "truncated": False})

    def list_state_machine_versions(self: StepFunctionResponse) -> ActionResult:
        return ActionResult({"stateMachineVersions": []})

    StepFunctionResponse.validate_state_machine_definition = validate_state_machine_definition
    StepFunctionResponse.list_state_machine_versions = list_state_machine_versions


def _start_more_than_once() -> None:
    """Each start copies the state machine; with earlier executions in the copy, that fails on their locks."""

    def copy_without_executions(self: StateMachine, memo: Any) -> StateMachine:
        clone = copy.copy(self)
        clone.executions = []
        return clone

    StateMachine.__deepcopy__ = copy_without_executions


def _keep_stopped_executions_aborted() -> None:
    """Functions that still run when their execution is stopped may fail later; that changes nothing any more."""
    reflect = BaseExecutionWorkerCommunication._reflect_execution_status

    def reflect_unless_stopped(self: BaseExecutionWorkerCommunication) -> None:
        reflect(self)
        if getattr(self.execution, "was_stopped", False):
            self.execution.exec_status = ExecutionStatus.ABORTED
            self.execution.error = self.execution.cause = None

    BaseExecutionWorkerCommunication._reflect_execution_status = reflect_unless_stopped


def _tell_of_stopped_executions(runtime: Any) -> None:
    stop_execution = StepFunctionsParserBackend.stop_execution

    def stop_and_tell(self: StepFunctionsParserBackend, execution_arn: str) -> Any:
        self.describe_execution(execution_arn).was_stopped = True
        execution = stop_execution(self, execution_arn)
        event = _status_change(self, execution, execution_arn, "ABORTED")
        threading.Thread(target=_deliver, args=(self, event, runtime), daemon=True).start()
        return execution

    StepFunctionsParserBackend.stop_execution = stop_and_tell


def _status_change(backend: Any, execution: Any, execution_arn: str, status: str) -> dict[str, Any]:
    now = datetime.datetime.now(tz=datetime.timezone.utc)
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "Step Functions Execution Status Change",
        "source": "aws.states",
        "account": backend.account_id,
        "time": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": backend.region_name,
        "resources": [execution_arn],
        "detail": {
            "executionArn": execution_arn,
            "stateMachineArn": execution.state_machine_arn,
            "name": execution.name,
            "status": status,
            "startDate": int(execution.start_date.timestamp() * 1000),
            "stopDate": int(now.timestamp() * 1000),
            "input": json.dumps(execution.input_data),
        },
    }


def _deliver(backend: Any, event: dict[str, Any], runtime: Any) -> None:
    """Hands the event to the functions of every rule that matches it, as EventBridge does."""
    account, region = backend.account_id, backend.region_name
    for bus in events_backends[account][region].event_buses.values():
        for rule in bus.rules.values():
            if rule.state != "ENABLED" or not rule.event_pattern.matches_event(event):
                continue
            for target in rule.targets:
                if ":lambda:" in target["Arn"]:
                    function = lambda_backend(account, region).get_function(target["Arn"])
                    runtime.invoke(function, json.dumps(event).encode())
