import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { RETRY_RULES, retryRulesOf } from '../statemachine/retry-rules.ts';
import { retryTable, toRetrier, withRetryTable } from '../statemachine/retry-table.ts';

/**
 * Writes the Retry of every Task state and the README's table of errors: `npm run retry-rules`, after a change of
 * statemachine/retry-rules.ts.
 */
const FOLDER = path.join(import.meta.dirname, '../statemachine');
const README = path.join(FOLDER, 'README.md');

for (const name of ['transfer.asl.json', 'folder.asl.json']) {
  const file = path.join(FOLDER, name);
  const workflow = JSON.parse(readFileSync(file, 'utf8'));
  fillRetries(workflow.States);
  writeFileSync(file, `${JSON.stringify(workflow, null, 2)}\n`);
}
writeFileSync(README, withRetryTable(readFileSync(README, 'utf8'), retryTable(RETRY_RULES)));

function fillRetries(states: Record<string, Record<string, unknown>>): void {
  for (const [name, state] of Object.entries(states)) {
    const processor = state.ItemProcessor as { States: typeof states } | undefined;
    if (processor !== undefined) fillRetries(processor.States);
    if (state.Type === 'Task') state.Retry = retryRulesOf(name).map(toRetrier);
  }
}
