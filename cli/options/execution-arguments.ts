import type { Command } from 'commander';

/** The arguments of every command that is about one execution: whatever another command prints names it. */
export function addExecutionArguments(
  command: Command,
  partnerAlone = 'a partner, whose newest transfer is meant',
): Command {
  return command
    .argument('<execution>', `<partner>/<name> as list prints it, an ARN, or ${partnerAlone}`)
    .argument('[name]', 'the name of the execution, where the partner stands alone');
}
