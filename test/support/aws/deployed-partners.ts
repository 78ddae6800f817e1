import { type CommandResult, runCommand } from '../command-line.ts';
import { plannedFile } from '../step-rig.ts';
import {
  describedExecution,
  HistoryWriter,
  landedObject,
  type WrittenTransfer,
  writeTransfer,
} from './execution-history.ts';
import { type FakeExecution, type FakeStepFunctions, startFakeStepFunctions } from './fake-step-functions.ts';

const MIB = 1_048_576;
export const ACME = 'arn:aws:states:eu-central-1:123456789012:stateMachine:sftp-to-s3-acme';
export const GLOBEX = 'arn:aws:states:eu-central-1:123456789012:stateMachine:sftp-to-s3-globex';
export const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };

/** Step Functions with the state machines of two partners, behind those of others. */
export async function startDeployedPartners(): Promise<FakeStepFunctions> {
  const aws = await startFakeStepFunctions();
  aws.stateMachines = ['other-1', 'other-2', 'other-3', 'other-4', 'other-5', 'other-6', 'other-7']
    .map((name) => ACME.replace('sftp-to-s3-acme', name))
    .concat(ACME, GLOBEX);
  return aws;
}

/** Runs a command against these Step Functions. */
export function runAgainst(
  aws: FakeStepFunctions,
  args: readonly string[],
  onStart?: Parameters<typeof runCommand>[2],
): Promise<CommandResult> {
  return runCommand([...args, '--endpoint-url', aws.endpoint], CREDENTIALS, onStart);
}

/** An execution with a whole history; `name` is its own. */
export function execution(
  name: string,
  transfer: Partial<WrittenTransfer>,
  { machine = ACME, startedAt = '2026-11-22T02:30:00Z' } = {},
): FakeExecution {
  const history = new HistoryWriter();
  const plan = { chunkSizeBytes: 50 * MIB, chunkCount: 4, chunkMs: 2_000, ...transfer };
  const endMs = writeTransfer(history, plan);
  const startMs = Date.parse(startedAt);
  const { ending = 'succeeded', path = '/outbound/big.zip' } = transfer;
  const stopDate = new Date(startMs + endMs);
  const file = plannedFile(plan.chunkSizeBytes * plan.chunkCount);
  const outcome = {
    succeeded: { status: 'SUCCEEDED' as const, stopDate, output: JSON.stringify(landedObject(file)) },
    failed: {
      status: 'FAILED' as const,
      stopDate,
      error: 'SourceChangedError',
      cause: JSON.stringify({ errorType: 'SourceChangedError', errorMessage: 'big.zip shrank' }),
    },
    running: { status: 'RUNNING' as const },
  }[ending];
  const description = describedExecution(undefined, {
    executionArn: `${machine.replace(':stateMachine:', ':execution:')}:${name}`,
    stateMachineArn: machine,
    startDate: new Date(startMs),
    input: JSON.stringify({ sftp_file_path: path }),
    ...outcome,
  });
  return { description, events: history.events };
}
