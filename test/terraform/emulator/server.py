"""An AWS emulator for the stack: moto's server, with the few things that it lacks for this project.

Usage: server.py PORT WORK_FOLDER NODE RUNNER

PORT         where to listen, on 127.0.0.1
WORK_FOLDER  receives unpacked deployment packages and the functions' logs (logs/<function>.log)
NODE         the Node.js that runs the functions
RUNNER       the script that it runs them by (run-function.ts)
"""

import os
import sys
import threading
from pathlib import Path


def main() -> None:
    port, work_folder, node, runner = sys.argv[1:5]
    # moto's interpreter calls moto's services at localhost and this port: by path, since there is no DNS for
    # buckets there, and past any proxy.
    aws_config = Path(work_folder) / "aws-config"
    aws_config.write_text("[default]\ns3 =\n  addressing_style = path\n")
    os.environ.update(MOTO_PORT=port, AWS_CONFIG_FILE=str(aws_config), NO_PROXY="*", no_proxy="*")

    from moto.core.config import default_user_config

    default_user_config["stepfunctions"]["execute_state_machine"] = True
    default_user_config["lambda"]["use_docker"] = False

    import call_record
    import configuration_gaps
    import distributed_maps
    import faults
    import lambda_functions
    import log_queries
    import nested_executions
    import part_checksums
    import step_functions
    import world_clock
    from moto import server

    wanted_faults = faults.Faults(Path(work_folder))
    clock = world_clock.WorldClock(Path(work_folder))
    endpoint = f"http://127.0.0.1:{port}"
    runtime = lambda_functions.Runtime(Path(work_folder), node, runner, endpoint, wanted_faults, clock)
    lambda_functions.install(runtime)
    step_functions.install(runtime, wanted_faults)
    call_record.install(Path(work_folder))
    configuration_gaps.install()
    distributed_maps.install()
    log_queries.install()
    nested_executions.install()
    world_clock.install(clock)
    part_checksums.install()
    # moto installs this handler when it starts to serve.
    server.signal_handler = lambda *_: runtime.stop()
    threading.Thread(target=stop_with_parent, args=(runtime,), daemon=True).start()
    server.main(["--host", "127.0.0.1", "--port", port])


def stop_with_parent(runtime: "lambda_functions.Runtime") -> None:  # noqa: F821
    """Our stdin is a pipe that the test holds open: when the test is gone, so are we."""
    sys.stdin.read()
    runtime.stop()


if __name__ == "__main__":
    main()
