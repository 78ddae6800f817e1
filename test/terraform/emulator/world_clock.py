"""The time of the emulated world: a test may set it ahead, to a date that it has chosen."""

import datetime
import json
from pathlib import Path
from types import SimpleNamespace

from moto.stepfunctions.parser import models
from moto.stepfunctions.parser.asl.eval.event import event_manager
from moto.stepfunctions.parser.backend import execution


class WorldClock:
    def __init__(self, work_folder: Path) -> None:
        self._file = work_folder / "clock.json"

    def ahead_ms(self) -> int:
        """How far it is ahead of this machine's clock."""
        return int(json.loads(self._file.read_text())["ahead_ms"]) if self._file.exists() else 0


def install(clock: WorldClock) -> None:
    """Executions start, go on and end by the clock of the world. Functions are given it when they are called."""

    class WorldTime(datetime.datetime):
        @classmethod
        def now(cls, tz: datetime.tzinfo | None = None) -> datetime.datetime:  # type: ignore[override]
            return datetime.datetime.now(tz) + datetime.timedelta(milliseconds=clock.ahead_ms())

    world = SimpleNamespace(datetime=WorldTime, timezone=datetime.timezone)
    for module in (models, event_manager, execution):
        module.datetime = world  # type: ignore[assignment]
