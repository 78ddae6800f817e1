import { readFileSync } from 'node:fs';
import path from 'node:path';
import { loadConfiguration } from '../../infra/config/load-configuration.ts';
import { synthesise } from '../synth/synthesised.ts';

const PROJECT = path.join(import.meta.dirname, '../..');
const EXAMPLE = path.join(PROJECT, 'config/example-folders.json');
const raw = JSON.parse(readFileSync(EXAMPLE, 'utf8'));

test('the example with a folder is a configuration, and its folder is on a schedule', () => {
  const [acme] = loadConfiguration(EXAMPLE).partners;
  const [daily] = acme?.folders ?? [];
  expect(daily).toMatchObject({ afterProof: { action: 'move' } });
  expect(acme?.schedules.map(({ folder }) => folder)).toEqual([daily?.name]);
});

test('the example synthesises to a workflow over folders, with the state bucket and the ledger', () => {
  const { $schema: _, ...configuration } = raw;
  const stack = synthesise(configuration);
  expect(stack.one('aws_sfn_state_machine', 'folders').name).toBe('sftp-to-s3-acme-folders');
  expect(stack.one('aws_scheduler_schedule').schedule_expression).toBe('cron(0 * * * ? *)');
  expect(stack.has('aws_dynamodb_table')).toBe(true);
});

test('docs/folders.md shows the partner of the example', () => {
  const [, shown] =
    /```json\n([\s\S]*?)```/.exec(readFileSync(path.join(PROJECT, 'docs/folders.md'), 'utf8')) ?? [];
  expect(JSON.parse(String(shown))).toEqual(raw.partners[0]);
});
