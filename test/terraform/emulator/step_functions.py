"""What moto's Step Functions lacks: two calls that Terraform makes, second executions, AWS's names of errors, the limit
of a history, and events of executions that ended badly."""

import copy
import datetime
import json
import threading
import time
import uuid
from types import SimpleNamespace
from typing import Any

from moto.awslambda.utils import get_backend as lambda_backend
from moto.core.responses import ActionResult
from moto.core.utils import iso_8601_datetime_with_milliseconds
from moto.events.models import events_backends
from moto.stepfunctions.models import StateMachine
from botocore.exceptions import ClientError
from moto.stepfunctions.parser.api import ExecutionFailedEventDetails, ExecutionStatus, HistoryEventType, LambdaFunctionFailedEventDetails
from moto.stepfunctions.parser.asl.component.common.error_name.custom_error_name import CustomErrorName
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import FailureEvent
from moto.stepfunctions.parser.asl.component.common.retry import retrier_decl
from moto.stepfunctions.parser.asl.component.state.exec.state_map.item_reader.eval import resource_eval_s3 as item_source
from moto.stepfunctions.parser.asl.component.state.exec.state_map.result_writer.resource_eval import (
    resource_eval_s3 as result_target,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task import lambda_eval_utils
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import (
    state_task_service_aws_sdk,
    state_task_service_events,
    state_task_service_sfn,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.state_task_lambda import StateTaskLambda
from moto.stepfunctions.parser.asl.eval.event.event_detail import EventDetails
from moto.stepfunctions.parser.asl.eval.event.event_manager import EventManager
from moto.stepfunctions.parser.backend.execution import BaseExecutionWorkerCommunication, Execution
from moto.stepfunctions.parser.backend.execution_worker import ExecutionWorker
from moto.stepfunctions.models import stepfunctions_backends
from moto.stepfunctions.parser.models import StepFunctionsParserBackend
from moto.stepfunctions.responses import StepFunctionResponse


def install(runtime: Any, faults: Any) -> None:
    _answer_terraform()
    _name_errors_as_aws_does()
    _write_start_times_as_aws_does()
    _call_in_the_name_of_the_role()
    _end_full_histories(faults)
    _hurry_retries(faults)
    _start_more_than_once()
    _keep_stopped_executions_aborted()
    _tell_of_stopped_executions(runtime)
    _tell_of_failed_executions(runtime)


def _answer_terraform() -> None:
    def validate_state_machine_definition(self: StepFunctionResponse) -> ActionResult:
        return ActionResult({"result": "OK", "diagnostics": [], "truncated": False})

    def list_state_machine_versions(self: StepFunctionResponse) -> ActionResult:
        return ActionResult({"stateMachineVersions": []})

    StepFunctionResponse.validate_state_machine_definition = validate_state_machine_definition
    StepFunctionResponse.list_state_machine_versions = list_state_machine_versions


def _name_errors_as_aws_does() -> None:
    """What Lambda's Invoke answers is an error of the task, under the name Lambda.<error>."""
    from_error = StateTaskLambda._from_error

    def from_error_of_lambda(self: StateTaskLambda, env: Any, ex: Exception) -> Any:
        if not isinstance(ex, ClientError):
            return from_error(self, env, ex)
        name = f"Lambda.{ex.response['Error']['Code']}"
        details = LambdaFunctionFailedEventDetails(error=name, cause=ex.response["Error"]["Message"])
        return FailureEvent(
            env=env,
            error_name=CustomErrorName(name),
            event_type=HistoryEventType.LambdaFunctionFailed,
            event_details=EventDetails(lambdaFunctionFailedEventDetails=details),
        )

    StateTaskLambda._from_error = from_error_of_lambda  # type: ignore[method-assign]
    state_task_service_aws_sdk._SERVICE_ERROR_NAMES["s3"] = "S3"


def _write_start_times_as_aws_does() -> None:
    """$$.Execution.StartTime ends with Z: https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html"""
    details_of = Execution.get_start_execution_details

    def details_with_text(self: Execution) -> Any:
        details = details_of(self)
        details.start_time = iso_8601_datetime_with_milliseconds(details.start_time)
        return details

    Execution.get_start_execution_details = details_with_text  # type: ignore[method-assign]


def _call_in_the_name_of_the_role() -> None:
    """moto's interpreter calls in nobody's name; the record of calls wants to know whose permission a call needs."""
    for module in (
        lambda_eval_utils,
        state_task_service_aws_sdk,
        state_task_service_events,
        state_task_service_sfn,
        item_source,
        result_target,
    ):
        client_for = module.boto_client_for

        def client_of_role(region: str, service: str, state_credentials: Any = None, _client_for: Any = client_for) -> Any:
            client = _client_for(region=region, service=service, state_credentials=state_credentials)
            role_arn = getattr(state_credentials, "role_arn", None)
            if role_arn is not None:
                client._request_signer._credentials.access_key = role_arn.split("/")[-1]
            return client

        module.boto_client_for = client_of_role


def _end_full_histories(faults: Any) -> None:
    """At the limit, AWS ends the execution: it fails at once, and no Catch runs."""
    make_environment = ExecutionWorker._get_evaluation_environment
    add_event = EventManager.add_event

    def make_environment_and_link(self: ExecutionWorker) -> Any:
        environment = make_environment(self)
        environment.event_manager.environment = environment
        return environment

    def add_event_unless_full(self: EventManager, *args: Any, **kwargs: Any) -> int:
        event_id = add_event(self, *args, **kwargs)
        limit = faults.history_limit()
        if limit is not None and event_id == limit:
            error = ExecutionFailedEventDetails(
                error="States.Runtime", cause="The execution reached the maximum number of history events."
            )
            self.environment.history_error = error
            self.environment.set_error(error)
        return event_id

    reflect = BaseExecutionWorkerCommunication._reflect_execution_status

    def reflect_full_history(self: BaseExecutionWorkerCommunication) -> None:
        # States that were at work meet the end of the execution with errors of moto's own.
        reflect(self)
        error = getattr(self.execution.exec_worker.env, "history_error", None)
        if error is not None:
            self.execution.exec_status = ExecutionStatus.FAILED
            self.execution.error, self.execution.cause = error["error"], error["cause"]

    BaseExecutionWorkerCommunication._reflect_execution_status = reflect_full_history
    ExecutionWorker._get_evaluation_environment = make_environment_and_link
    EventManager.add_event = add_event_unless_full


def _hurry_retries(faults: Any) -> None:
    """A partner that stays down is tried ten times over minutes; a test may have the same tries at once."""

    def sleep(seconds: float) -> None:
        longest = faults.longest_retry_seconds()
        time.sleep(seconds if longest is None else min(seconds, longest))

    retrier_decl.time = SimpleNamespace(sleep=sleep)  # type: ignore[assignment]


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
            self.execution.error, self.execution.cause = self.execution.stopped_with

    BaseExecutionWorkerCommunication._reflect_execution_status = reflect_unless_stopped


def _tell_of_stopped_executions(runtime: Any) -> None:
    stop_execution = StepFunctionsParserBackend.stop_execution

    def stop_with_its_words(self: StepFunctionResponse) -> ActionResult:
        execution = self.stepfunction_backend.describe_execution(self._get_param("executionArn"))
        execution.stopped_with = (self._get_param("error"), self._get_param("cause"))
        return ActionResult({"stopDate": self.stepfunction_backend.stop_execution(execution.exec_arn).stop_date})

    StepFunctionResponse.stop_execution = stop_with_its_words

    def stop_and_tell(self: StepFunctionsParserBackend, execution_arn: str) -> Any:
        self.describe_execution(execution_arn).was_stopped = True
        execution = stop_execution(self, execution_arn)
        execution.error, execution.cause = getattr(execution, "stopped_with", (None, None))
        event = _status_change(self, execution, execution_arn, "ABORTED")
        threading.Thread(target=_deliver, args=(self, event, runtime), daemon=True).start()
        return execution

    StepFunctionsParserBackend.stop_execution = stop_and_tell


def _tell_of_failed_executions(runtime: Any) -> None:
    terminated = BaseExecutionWorkerCommunication.terminated

    def terminate_and_tell(self: BaseExecutionWorkerCommunication) -> None:
        terminated(self)
        execution = self.execution
        if execution.exec_status not in (ExecutionStatus.FAILED, ExecutionStatus.TIMED_OUT):
            return
        backend = stepfunctions_backends[execution.account_id][execution.region_name]
        event = _status_change(backend, execution, execution.exec_arn, str(execution.exec_status.value))
        threading.Thread(target=_deliver, args=(backend, event, runtime), daemon=True).start()

    BaseExecutionWorkerCommunication.terminated = terminate_and_tell


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
                    _invoke_asynchronously(runtime, function, json.dumps(event).encode())


def _invoke_asynchronously(runtime: Any, function: Any, event: bytes) -> None:
    """Lambda calls a function that fails twice more: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html"""
    for pause_seconds in (1, 2, None):
        try:
            _, threw = runtime.invoke(function, event)
        except OSError as error:
            print(f"{function.function_name} did not take its event: {error}", flush=True)
            threw = True
        if not threw or pause_seconds is None:
            return
        time.sleep(pause_seconds)
