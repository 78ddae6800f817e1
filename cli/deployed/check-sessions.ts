import { randomUUID } from 'node:crypto';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import { checkSessionsSchema } from '../../doctor/check-sessions.ts';
import { functionName } from '../../infra/pipeline/names.ts';
import { isCheck } from '../../ledger/check-lease.ts';
import { counted } from '../../transfer/text/counted.ts';
import { parseWorkflowArn } from './arn.ts';
import { type FunctionAnswer, invokeFunction } from './invoke-function.ts';
import { WAKING_ERRORS } from './waking-function.ts';

/** A check would be one session more than the partner grants. Shown without a stack. */
export class SessionsInUseError extends Error {
  override readonly name = 'SessionsInUseError';
}

/** What a check may open; without `sessions` the function decides, as it did before checks reserved any. */
export interface CheckAllowance {
  sessions?: number;
  /** Why nothing was reserved, to be said. */
  unreserved?: string;
  /** Under which name sessions are held. */
  heldAs?: string;
}

/**
 * Reserves sessions for a check, which logs in beside transfers that may hold all that the partner grants. Reserved ones
 * end by themselves minutes later, if nobody gives them back.
 * @param partner as the command named it
 * @param mayExceed one session is opened even where all are held
 * @throws SessionsInUseError when none is free; what a function answers that is waking up
 */
export async function reserveCheckSessions(
  client: LambdaClient,
  pipeline: string,
  { wanted, mayExceed, partner }: { wanted: number; mayExceed: boolean; partner: string },
  signal: AbortSignal,
): Promise<CheckAllowance> {
  const id = randomUUID();
  const asked = { execution_id: `check ${id}`, check: { id }, wanted_sessions: wanted };
  let answer: FunctionAnswer;
  try {
    answer = await invokeFunction(client, functionName(pipeline, 'reserve-sessions'), asked, signal);
  } catch (error) {
    const { name, message, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
    // Where AWS was not asked at all, nobody can check.
    if (WAKING_ERRORS.includes(name) || $metadata?.httpStatusCode === undefined) throw error;
    // No stack, as the check will find, or one that counts no sessions.
    if (name === 'ResourceNotFoundException') return {};
    return { sessions: 1, unreserved: `${name}: ${message}` };
  }
  if (answer.failed) return { sessions: 1, unreserved: answer.words };
  const parsed = checkSessionsSchema.safeParse(answer.value);
  if (!parsed.success) {
    // An older function took it for an execution, whose end it would wait for.
    await giveBack(client, pipeline, asked.execution_id);
    return { unreserved: 'the stack is older than this command, and reserves none for checks' };
  }
  const { granted, held_as: heldAs, held_by: heldBy } = parsed.data;
  if (granted > 0) return { sessions: granted, heldAs };
  const reason = `no session of the partner is free, served first: ${describeHolders(heldBy, partner)}`;
  if (mayExceed) return { sessions: 1, unreserved: reason };
  throw new SessionsInUseError(
    `${reason}. Wait for them; or --one-more logs in once beside them, where the partner takes one session more`,
  );
}

/** Gives sessions back; never throws, since they end by themselves. */
export async function giveBack(client: LambdaClient, pipeline: string, heldAs: string): Promise<void> {
  const name = functionName(pipeline, 'release-sessions');
  await invokeFunction(client, name, { execution_id: heldAs }).catch(() => {});
}

const MOST_NAMED = 3;

/** By the names that `list` prints, which every command takes. */
function describeHolders(holders: readonly string[], partner: string): string {
  const named = holders.slice(0, MOST_NAMED).map((holder) => {
    if (isCheck(holder)) return 'another check';
    const name = parseWorkflowArn(holder)?.executionName;
    return name === undefined ? holder : `${partner}/${name}`;
  });
  const further = holders.length - named.length;
  return [...named, ...(further > 0 ? [counted(further, 'other')] : [])].join(', ');
}
