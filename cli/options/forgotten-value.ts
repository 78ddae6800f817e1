import type { Command } from 'commander';
import { UsageError } from '../usage-error.ts';

/**
 * Refuses `--forget --json`: the value was forgotten, and the next option would be taken for it.
 * @throws UsageError
 */
export function refuseForgottenValues(command: Command): void {
  const names = new Set(command.options.flatMap(({ long, short }) => [long, short]));
  for (const option of command.options) {
    const key = option.attributeName();
    if (command.getOptionValueSource(key) !== 'cli') continue;
    const values: unknown[] = [command.getOptionValue(key)].flat();
    const taken = values.find((value) => typeof value === 'string' && names.has(value));
    if (taken !== undefined)
      throw new UsageError(`${option.long} is ${taken}, but it needs a value of its own`);
  }
}
