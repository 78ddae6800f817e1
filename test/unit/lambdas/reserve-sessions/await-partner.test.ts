import { awaitPartner } from '../../../../lambdas/reserve-sessions/await-partner.ts';
import {
  type AwaitedPartner,
  reserveSessionsEventSchema,
} from '../../../../lambdas/reserve-sessions/event.ts';
import { memoryTurns, type TurnAnswer, type TurnRequest } from '../../../../ledger/partner-turns.ts';
import { longestWaitMinutes } from '../../../../transfer/patience.ts';
import { RecordingTelemetry } from '../../../support/recording-telemetry.ts';

const MINUTE_MS = 60_000;
const NOW_MS = 1_800_000_000_000;
const LOST = {
  Error: 'SftpConnectionError',
  Cause: JSON.stringify({ errorType: 'SftpConnectionError', errorMessage: 'refused' }),
};
const SEGMENT = { segment_number: 3, next_chunk: 7 };

function ask(
  work: Record<string, unknown>,
  { answer = { waitMs: 0, hasFailed: false } as TurnAnswer, patienceMs = 60 * MINUTE_MS, width = 8 } = {},
) {
  const asked: TurnRequest[] = [];
  const event = {
    execution_id: 'execution-1',
    lost_partner: { lost: LOST, file: { max_concurrency: width }, ...work },
  };
  const turns = {
    ask: async (request: TurnRequest) => {
      asked.push(request);
      return answer;
    },
  };
  const ports = { turns, clock: { nowMs: () => NOW_MS }, telemetry: new RecordingTelemetry() };
  const result = awaitPartner(event, ports, { patienceMs, turnMs: MINUTE_MS }, new AbortController().signal);
  return { asked, result };
}

const waited = (changes: Partial<AwaitedPartner> = {}): AwaitedPartner => ({
  stage: 'chunk 7',
  since_ms: NOW_MS - 10 * MINUTE_MS,
  wait_seconds: 60,
  waited_seconds: 500,
  ...changes,
});

test.each<[string, Record<string, unknown>, string, TurnRequest]>([
  [
    'a first loss',
    { segment: SEGMENT },
    'chunk 7',
    { by: 'execution-1 segment 3', lostAtMs: NOW_MS, failed: false, restMs: 12_000, isLast: false },
  ],
  [
    'one that has waited',
    { segment: SEGMENT, waited: waited() },
    'chunk 7',
    {
      by: 'execution-1 segment 3',
      lostAtMs: NOW_MS - 10 * MINUTE_MS,
      failed: false,
      restMs: 100_000,
      isLast: false,
    },
  ],
  [
    'one that has tried again in vain',
    { segment: SEGMENT, waited: waited({ wait_seconds: 0 }) },
    'chunk 7',
    {
      by: 'execution-1 segment 3',
      lostAtMs: NOW_MS - 10 * MINUTE_MS,
      failed: true,
      restMs: 100_000,
      isLast: false,
    },
  ],
  [
    'one that has come further since',
    { segment: SEGMENT, waited: waited({ stage: 'chunk 6', wait_seconds: 0 }) },
    'chunk 7',
    { by: 'execution-1 segment 3', lostAtMs: NOW_MS, failed: false, restMs: 100_000, isLast: false },
  ],
  [
    'before the plan',
    {},
    'metadata',
    { by: 'execution-1', lostAtMs: NOW_MS, failed: false, restMs: 12_000, isLast: false },
  ],
  [
    'before a resume',
    { upload: {} },
    'resume',
    { by: 'execution-1', lostAtMs: NOW_MS, failed: false, restMs: 12_000, isLast: false },
  ],
  [
    'before completion',
    { upload: {}, plan: {} },
    'completion',
    { by: 'execution-1', lostAtMs: NOW_MS, failed: false, restMs: 12_000, isLast: false },
  ],
])('%s asks for its turn', async (_, work, stage, request) => {
  const { asked, result } = ask(work);
  expect(await result).toMatchObject({ stage, since_ms: request.lostAtMs, wait_seconds: 0 });
  expect(asked).toEqual([request]);
});

test('a wait is in whole seconds, is added up, and is no longer than the patience', async () => {
  const work = { segment: SEGMENT, waited: waited() };
  const answer = { waitMs: 90_500, hasFailed: true };
  expect(await ask(work, { answer }).result).toMatchObject({ wait_seconds: 91, waited_seconds: 591 });
  const nearlyOver = ask(work, { answer, patienceMs: 11 * MINUTE_MS });
  expect(await nearlyOver.result).toMatchObject({ wait_seconds: 60, waited_seconds: 560 });
});

test.each<[string, Parameters<typeof ask>[1], Partial<AwaitedPartner>, boolean]>([
  [
    'over, and the last try failed',
    { answer: { waitMs: 1, hasFailed: true }, patienceMs: 10 * MINUTE_MS },
    {},
    true,
  ],
  ['over, and its own turn has come', { patienceMs: 10 * MINUTE_MS }, {}, false],
  [
    'just over, and somebody tries',
    { answer: { waitMs: 1, hasFailed: false }, patienceMs: 10 * MINUTE_MS },
    {},
    false,
  ],
  [
    'long over, and somebody tries',
    { answer: { waitMs: 1, hasFailed: false }, patienceMs: 6 * MINUTE_MS },
    {},
    true,
  ],
  [
    'not over, but the history is full',
    { answer: { waitMs: 1, hasFailed: true } },
    { waited_seconds: longestWaitMinutes(8) * 60 },
    true,
  ],
  ['none', { patienceMs: 0 }, {}, true],
])('patience %s', async (_, options, changes, isOver) => {
  const { gave_up } = await ask({ segment: SEGMENT, waited: waited(changes) }, options).result;
  expect(gave_up).toEqual(
    isOver
      ? {
          Error: 'SftpConnectionError',
          Cause: JSON.stringify({
            errorType: 'SftpConnectionError',
            errorMessage: 'refused (waited 10 min for the partner to come back)',
          }),
        }
      : undefined,
  );
});

test('a partner whose every try takes longer than a turn is given up when the patience is over', async () => {
  let nowMs = NOW_MS;
  const turns = memoryTurns(() => nowMs, MINUTE_MS);
  const ports = { turns, clock: { nowMs: () => nowMs }, telemetry: new RecordingTelemetry() };
  const patience = { patienceMs: 10 * MINUTE_MS, turnMs: MINUTE_MS };
  let tries = 0;
  let awaited: AwaitedPartner | undefined;
  while (awaited?.gave_up === undefined && tries < 100) {
    if (awaited?.wait_seconds === 0) {
      tries += 1;
      nowMs += 100_000;
    }
    const event = {
      execution_id: 'execution-1',
      lost_partner: { lost: LOST, segment: SEGMENT, ...(awaited && { waited: awaited }) },
    };
    awaited = await awaitPartner(event, ports, patience, new AbortController().signal);
    nowMs += awaited.wait_seconds * 1_000;
  }
  expect(awaited?.gave_up).toMatchObject({ Error: 'SftpConnectionError' });
  expect(tries).toBe(6);
});

test('a wrong event of this kind is not taken for a request of sessions', () => {
  const parsed = reserveSessionsEventSchema.safeParse({
    execution_id: 'e',
    lost_partner: { lost: 'no error' },
  });
  expect(parsed.success).toBe(false);
});
