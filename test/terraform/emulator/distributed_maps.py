"""What moto's Distributed Map lacks: items from JSON Lines, a tolerated percentage that is a whole number, and a place of
the results that the state's input names.

Two gaps stay open, and nothing in the stack reads what is missing: the manifest that ResultWriter leaves names no result
files, and children are no executions of their own.
"""

import json
import re
from typing import Any

from moto.stepfunctions.parser.asl.component.state.exec.state_map.item_reader import item_reader_decl
from moto.stepfunctions.parser.asl.component.state.exec.state_map.item_reader.eval.resource_output_transformer import (
    transformer,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_map.item_reader.reader_config import input_type
from moto.stepfunctions.parser.asl.component.state.exec.state_map.result_writer import result_writer_decl
from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser

_WHOLE_PERCENTAGE = re.compile(r'("ToleratedFailurePercentage"\s*:\s*\d+)(?=[\s,}])')


class _JsonLinesType:
    value = "JSONL"


class _JsonLines(transformer.ResourceOutputTransformer):
    def _eval_body(self, env: Any) -> None:
        reader_config = env.stack.pop()
        lines = [line for line in env.stack.pop().split("\n") if line != ""]
        env.stack.append([json.loads(line) for line in lines[: reader_config["MaxItemsValue"]]])


def install() -> None:
    _read_json_lines()
    _take_whole_percentages()
    _write_results_where_the_input_says()


def _take_whole_percentages() -> None:
    """moto's grammar has a fraction there only."""
    parse = AmazonStateLanguageParser.parse

    def parse_any(definition: str) -> Any:
        return parse(_WHOLE_PERCENTAGE.sub(r"\1.0", definition))

    AmazonStateLanguageParser.parse = staticmethod(parse_any)  # type: ignore[method-assign]


def _write_results_where_the_input_says() -> None:
    """moto looks for the paths of ResultWriter's parameters in the results."""

    def write(self: Any, env: Any) -> None:
        env.stack.append(env.states.get_input())
        self.parargs.eval(env=env)
        parameters = env.stack.pop()
        env.stack.pop()
        env.stack.append(parameters)
        self.resource_eval.eval_resource(env=env)

    result_writer_decl.ResultWriter._eval_body = write  # type: ignore[method-assign]


def _read_json_lines() -> None:
    initialise = input_type.InputType.__init__
    transformer_for = item_reader_decl.resource_output_transformer_for

    def initialise_any(self: Any, input_type: str) -> None:
        if input_type == "JSONL":
            self.input_type_value = _JsonLinesType
        else:
            initialise(self, input_type)

    def transformer_for_any(input_type: Any) -> Any:
        if input_type.input_type_value is _JsonLinesType:
            return _JsonLines()
        return transformer_for(input_type)

    input_type.InputType.__init__ = initialise_any  # type: ignore[method-assign]
    item_reader_decl.resource_output_transformer_for = transformer_for_any
