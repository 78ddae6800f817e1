"""Runs deployed Lambda functions: the uploaded package, in Node.js, with the function's own environment."""

import io
import json
import os
import subprocess
import threading
import time
import uuid
import zipfile
from pathlib import Path
from typing import Any

from faults import Faults
from moto.awslambda_simple.models import LambdaSimpleBackend
from world_clock import WorldClock


class Runtime:
    """One process an invocation, ended at the function's timeout: every start is a cold start."""

    def __init__(
        self, work_folder: Path, node: str, runner: str, endpoint: str, faults: Faults, clock: WorldClock
    ) -> None:
        self._faults = faults
        self._clock = clock
        self._work_folder = work_folder
        self._node = node
        self._runner = runner
        self._endpoint = endpoint
        self._lock = threading.Lock()
        self._processes: set["subprocess.Popen[bytes]"] = set()

    def invoke(self, function: Any, event: bytes) -> tuple[bytes, bool]:
        """Returns what the function returned or threw, as Lambda puts it, and whether it threw."""
        error_name = self._faults.function_error(function.function_name)
        if error_name is not None:
            return _error(error_name, "emulated"), True
        folder = self._unpack(function)
        log_folder = self._work_folder / "logs"
        log_folder.mkdir(parents=True, exist_ok=True)
        answer_end, function_end = os.pipe()
        with open(answer_end, "rb") as answer:
            with open(log_folder / f"{function.function_name}.log", "ab") as log:
                process = subprocess.Popen(
                    [self._node, self._runner, str(folder), function.handler, str(function_end)],
                    stdin=subprocess.PIPE,
                    stdout=log,
                    stderr=log,
                    env=self._environment(function),
                    pass_fds=[function_end],
                )
            os.close(function_end)
            return self._await_answer(process, function, event, answer)

    def stop(self) -> None:
        """Ends the functions that still run, then this process."""
        with self._lock:
            for process in self._processes:
                process.kill()
        os._exit(0)

    def _await_answer(self, process: Any, function: Any, event: bytes, answer: Any) -> tuple[bytes, bool]:
        with self._lock:
            self._processes.add(process)
        timeout_seconds = int(function.timeout)
        timer = threading.Timer(timeout_seconds, process.kill)
        timer.start()
        started = time.monotonic()
        try:
            process.stdin.write(event)
            process.stdin.close()
            text = answer.read()
            process.wait()
        finally:
            timer.cancel()
            with self._lock:
                self._processes.discard(process)
        if text:
            outcome = json.loads(text)
            return json.dumps(outcome["value"]).encode(), outcome["threw"]
        if time.monotonic() - started >= timeout_seconds:
            return _error("Sandbox.Timedout", f"Task timed out after {timeout_seconds}.00 seconds"), True
        return _error("Runtime.ExitError", f"Runtime exited with status {process.returncode}"), True

    def _unpack(self, function: Any) -> Path:
        folder = self._work_folder / "functions" / function.code_sha_256.replace("/", "_")
        with self._lock:
            if not folder.exists():
                with zipfile.ZipFile(io.BytesIO(function.code_bytes)) as package:
                    package.extractall(folder)
        return folder

    def _environment(self, function: Any) -> dict[str, str]:
        region = function.region
        return {
            "PATH": os.environ["PATH"],
            "AWS_REGION": region,
            "AWS_DEFAULT_REGION": region,
            # Who calls: the record of calls has it.
            "AWS_ACCESS_KEY_ID": function.role.split("/")[-1],
            "AWS_SECRET_ACCESS_KEY": "emulated",
            "AWS_ENDPOINT_URL": self._endpoint,
            "AWS_LAMBDA_FUNCTION_NAME": function.function_name,
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory_size),
            "AWS_LAMBDA_FUNCTION_TIMEOUT": str(function.timeout),
            "AWS_LAMBDA_FUNCTION_ARN": function.function_arn,
            "AWS_REQUEST_ID": str(uuid.uuid4()),
            "EMULATED_CLOCK_AHEAD_MS": str(self._clock.ahead_ms()),
            # There is no X-Ray daemon here.
            "POWERTOOLS_TRACE_ENABLED": "false",
            **function.environment_vars,
        }


def install(runtime: Runtime) -> None:
    """Makes moto's Lambda run functions instead of giving canned answers."""

    def invoke(
        backend: LambdaSimpleBackend,
        function_name: str,
        qualifier: Any,
        body: Any,
        headers: Any,
        response_headers: Any,
    ) -> bytes:
        function = backend.get_function(function_name, qualifier)
        event = body.encode() if isinstance(body, str) else body or b"{}"
        payload, threw = runtime.invoke(function, event)
        if threw:
            response_headers["x-amz-function-error"] = "Unhandled"
        return payload

    LambdaSimpleBackend.invoke = invoke  # type: ignore[method-assign]


def _error(error_type: str, message: str) -> bytes:
    return json.dumps({"errorType": error_type, "errorMessage": message}).encode()
