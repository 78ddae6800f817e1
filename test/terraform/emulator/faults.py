"""Faults that a test asks for: what Lambda answers instead of running a function, a short execution history, and retries
that do not wait.

The test writes faults.json into the work folder:
    {"functions": {"<function>": [{"error": "ResourceNotReadyException", "times": 2}]}, "history_limit": 40,
     "longest_retry_seconds": 0.2}
Errors of Lambda's Invoke are answered as such; names with a dot, as Runtime.ExitError, as what a function threw.
"""

import json
import threading
from pathlib import Path
from typing import Any, Optional

from moto.core.exceptions import JsonRESTError


class _InvokeError(JsonRESTError):
    """An answer of Invoke: most of those that are worth a retry are 502."""

    code = 502


class Faults:
    def __init__(self, work_folder: Path) -> None:
        self._file = work_folder / "faults.json"
        self._lock = threading.Lock()
        self._text = ""
        self._wanted: dict[str, Any] = {}

    def history_limit(self) -> Optional[int]:
        """How many events an execution may have, where the test says so."""
        with self._lock:
            return self._read().get("history_limit")

    def longest_retry_seconds(self) -> Optional[float]:
        """How long a retry waits at most, where the test has no time for all of them."""
        with self._lock:
            return self._read().get("longest_retry_seconds")

    def function_error(self, function_name: str) -> Optional[str]:
        """What the function's next call throws, as Lambda puts it. Raises what Invoke answers instead of calling it."""
        with self._lock:
            fault = next(
                (fault for fault in self._read().get("functions", {}).get(function_name, []) if fault["times"] > 0), None
            )
            if fault is None:
                return None
            fault["times"] -= 1
        if "." in fault["error"]:
            return str(fault["error"])
        raise _InvokeError(fault["error"], "emulated")

    def _read(self) -> dict[str, Any]:
        text = self._file.read_text() if self._file.exists() else "{}"
        if text != self._text:
            self._text = text
            self._wanted = json.loads(text)
        return self._wanted
