import { z } from 'zod';
import { readableCause } from '../../transfer/text/lambda-error.ts';
import { parseJson } from '../../transfer/text/parse-json.ts';
import type { TaskVisit } from './execution-attempts.ts';
import type { TransferTimeline } from './transfer-timeline.ts';

/** The states that ask when the partner may be tried again: of the transfer, and of one segment. */
const WAITING_STEPS: readonly string[] = ['AwaitPartner', 'AwaitPartnerOfSegment'];

const answerSchema = z.object({ since_ms: z.number(), wait_seconds: z.number() });

/** That a transfer, or some of its segments, wait for a partner who cannot be reached; undefined while none does. */
export function partnerWaitIn(visits: readonly TaskVisit[]): TransferTimeline['partnerWait'] {
  const threads = Map.groupBy(visits, ({ segmentNumber }) => segmentNumber);
  const waits = [...threads.values()].flatMap((thread) => waitOf(thread) ?? []);
  const [first] = waits;
  return (
    first && {
      lost: first.lost,
      sinceMs: Math.min(...waits.map(({ sinceMs }) => sinceMs)),
      nextTryByMs: Math.max(...waits.map(({ nextTryByMs }) => nextTryByMs)),
    }
  );
}

/** By its last answer: while the next one is awaited, the last one holds. */
function waitOf(thread: readonly TaskVisit[]): TransferTimeline['partnerWait'] {
  if (!WAITING_STEPS.includes(thread.at(-1)?.step ?? '')) return undefined;
  const answered = thread.findLast(
    ({ step, output }) => WAITING_STEPS.includes(step) && output !== undefined,
  );
  const answer = answerSchema.safeParse(parseJson(answered?.output)).data;
  const { error } =
    thread.flatMap(({ attempts }) => attempts).findLast(({ outcome }) => outcome === 'failed') ?? {};
  if (answer === undefined || answer.wait_seconds === 0 || error === undefined) return undefined;
  return {
    lost: { name: error.name, message: readableCause(error.message) },
    sinceMs: answer.since_ms,
    nextTryByMs: (answered?.attempts.at(-1)?.endedAtMs ?? 0) + answer.wait_seconds * 1_000,
  };
}
