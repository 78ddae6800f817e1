"""What moto's startExecution lacks: the names of the API, which begin with a capital in a workflow and with a small letter
in boto. Without them no execution can be started from another one."""

from typing import Any

from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_sfn import (
    StateTaskServiceSfn,
)


def install() -> None:
    evaluate = StateTaskServiceSfn._eval_service_task

    def evaluate_with_names_of_boto(self: Any, *, normalised_parameters: dict[str, Any], **others: Any) -> None:
        parameters = {name[0].lower() + name[1:]: value for name, value in normalised_parameters.items()}
        evaluate(self, normalised_parameters=parameters, **others)

    def show_with_names_of_workflows(self: Any, response: Any, *_: Any, **__: Any) -> None:
        for name in list(response):
            response[name[0].upper() + name[1:]] = response.pop(name)

    StateTaskServiceSfn._eval_service_task = evaluate_with_names_of_boto  # type: ignore[method-assign]
    StateTaskServiceSfn._normalise_response = show_with_names_of_workflows  # type: ignore[method-assign]
