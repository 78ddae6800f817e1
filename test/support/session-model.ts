import { releaseSessions, requestSessions, type SessionLeases } from '../../ledger/session-leases.ts';
import { findTasks, loadWorkflow, type WorkflowState } from '../../local/workflow-definition.ts';
import { VirtualTime } from './virtual-time.ts';

/**
 * Transfers of one partner that overlap, in virtual time. Lambda turns a call away when all that the function may run
 * is running; Step Functions repeats it by the Retry of the workflow file, with full jitter. What a real Map needs to
 * start the next item after one has ended is not documented, so it is a parameter.
 */
export interface ModelRun {
  transfers: readonly ModelTransfer[];
  maxSessions: number;
  /** What one worker needs for its item. */
  workerSeconds: number;
  /** From the end of one item to the start of the Map's next. */
  refillMs: number;
  /** How sessions are shared: by leases, or by nothing but the reserved concurrency and the Retry of throttled calls. */
  sharing: 'leases' | 'back-off';
  random: () => number;
}

export interface ModelTransfer {
  startSeconds: number;
  items: number;
  /** Width that it asks for. */
  wanted: number;
  /** Its execution is stopped at this moment: it gives nothing back, and its functions work on to their end. */
  stoppedAtSeconds?: number;
}

export interface ModelOutcome {
  outcome: 'succeeded' | 'throttled' | 'stopped';
  startedAtMs: number;
  /** When it was granted its sessions; with back-off, when it began. */
  grantedAtMs: number;
  granted: number;
  endedAtMs: number;
  itemsDone: number;
  historyEvents: number;
}

const WORKFLOW = loadWorkflow();
const EVENTS_OF: Readonly<Record<string, number>> = { Task: 5, Choice: 2, Wait: 2, Pass: 2 };
/** MapIterationStarted, MapIterationSucceeded, and the five of its Task. */
const EVENTS_OF_ITEM = 7;
/** LambdaFunctionScheduled and LambdaFunctionFailed. */
const EVENTS_OF_THROTTLE = 2;
/** Everything outside the Map and the waiting, at most. */
const OTHER_EVENTS = 60;
const THROTTLED = 'Lambda.TooManyRequestsException';
/** GetFileMetadata, and CompleteUpload. */
const SINGLE_SESSION_SECONDS = 3;
/** Longest time of a function of an execution that was stopped. */
const DRAIN_MS = 900_000;

/** Events of one look, by the states of the workflow file from the wait back to the wait. */
export function eventsOfLook(): number {
  const states: Record<string, WorkflowState & { Default?: string }> = WORKFLOW.States;
  let events = 0;
  let name = 'WaitForSessions';
  do {
    const state = states[name];
    if (state === undefined) throw new Error(`no state ${name}`);
    events += EVENTS_OF[state.Type] ?? 0;
    name = state.Next ?? state.Default ?? '';
  } while (name !== 'WaitForSessions');
  return events;
}

/** Of the Map's Task: how a throttled call is repeated. */
function throttleRetry() {
  const task = findTasks(WORKFLOW).find(({ insideMap }) => insideMap)?.state;
  const retry = task?.Retry?.find(({ ErrorEquals }) => ErrorEquals.includes(THROTTLED)) as
    | { IntervalSeconds: number; BackoffRate: number; MaxDelaySeconds: number; MaxAttempts: number }
    | undefined;
  if (retry === undefined) throw new Error(`the Map's task does not retry ${THROTTLED}`);
  return retry;
}

export function runModel(run: ModelRun): {
  transfers: ModelOutcome[];
  peakSessions: number;
  grantOrder: number[];
} {
  const time = new VirtualTime();
  const retry = throttleRetry();
  const lookEvents = eventsOfLook();
  let row: SessionLeases | undefined;
  let revision = 0;
  let sessions = 0;
  let peakSessions = 0;
  const grantOrder: number[] = [];
  const outcomes = run.transfers.map(
    (transfer): ModelOutcome => ({
      outcome: 'succeeded',
      startedAtMs: transfer.startSeconds * 1000,
      grantedAtMs: Number.NaN,
      granted: 0,
      endedAtMs: Number.NaN,
      itemsDone: 0,
      historyEvents: OTHER_EVENTS,
    }),
  );

  const open = () => {
    sessions += 1;
    peakSessions = Math.max(peakSessions, sessions);
  };
  const apply = <T>(
    transition: (row: SessionLeases | undefined, moment: { nowMs: number; revision: string }) => unknown,
  ) => {
    revision += 1;
    const decision = transition(row, { nowMs: time.nowMs, revision: String(revision) }) as {
      write: string;
      row: SessionLeases;
      result: T;
    };
    if (decision.write === 'put') row = decision.row;
    return decision.result;
  };

  const begin = (index: number): void => {
    const outcome = outcomes[index] as ModelOutcome;
    const transfer = run.transfers[index] as ModelTransfer;
    const isOver = () => !Number.isNaN(outcome.endedAtMs);

    const end = (how: ModelOutcome['outcome'], freeAtMs?: number): void => {
      if (isOver()) return;
      outcome.outcome = how;
      outcome.endedAtMs = time.nowMs;
      if (how !== 'stopped') apply(releaseSessions(String(index), freeAtMs));
    };

    const reserve = (): void => {
      if (isOver()) return;
      const asked = { execution: String(index), wanted: transfer.wanted, maxSessions: run.maxSessions };
      type Answer = ReturnType<ReturnType<typeof requestSessions>>['result'];
      let answer = apply<Answer>(requestSessions(asked));
      if ('inQuestion' in answer) {
        const ended = answer.inQuestion
          .map((execution) => ({ execution, of: outcomes[Number(execution)] as ModelOutcome }))
          .filter(({ of }) => !Number.isNaN(of.endedAtMs))
          .map(({ execution, of }) => ({ execution, freeAtMs: of.endedAtMs + DRAIN_MS }));
        if (ended.length > 0) answer = apply<Answer>(requestSessions({ ...asked, ended }));
      }
      if ('inQuestion' in answer) {
        outcome.historyEvents += lookEvents;
        time.after(answer.waitSeconds * 1000, reserve);
      } else {
        grantOrder.push(index);
        goOn(answer.granted);
      }
    };

    const goOn = (width: number): void => {
      outcome.grantedAtMs = time.nowMs;
      outcome.granted = width;
      alone(() => map(width));
    };

    const alone = (next: () => void): void => {
      open();
      time.after(SINGLE_SESSION_SECONDS * 1000, () => {
        sessions -= 1;
        if (!isOver()) next();
      });
    };

    const map = (width: number): void => {
      let begun = 0;
      const next = (): void => {
        if (isOver() || begun === transfer.items) return;
        begun += 1;
        attempt(0);
      };
      const attempt = (failures: number): void => {
        if (isOver()) return;
        if (running < run.maxSessions) {
          running += 1;
          open();
          time.after(run.workerSeconds * 1000, () => {
            running -= 1;
            sessions -= 1;
            if (isOver()) return;
            outcome.itemsDone += 1;
            outcome.historyEvents += EVENTS_OF_ITEM;
            if (outcome.itemsDone === transfer.items) alone(() => end('succeeded'));
            else time.after(run.refillMs, next);
          });
          return;
        }
        outcome.historyEvents += EVENTS_OF_THROTTLE;
        if (failures === retry.MaxAttempts) {
          end('throttled', time.nowMs + DRAIN_MS);
          return;
        }
        const longest = Math.min(
          retry.IntervalSeconds * retry.BackoffRate ** failures,
          retry.MaxDelaySeconds,
        );
        time.after(run.random() * longest * 1000, () => attempt(failures + 1));
      };
      for (let slot = 0; slot < width; slot += 1) next();
    };

    if (transfer.stoppedAtSeconds !== undefined) {
      time.after(transfer.stoppedAtSeconds * 1000 - time.nowMs, () => end('stopped'));
    }
    if (run.sharing === 'leases') reserve();
    else goOn(transfer.wanted);
  };

  /** Of the download function: its reserved concurrency. */
  let running = 0;
  run.transfers.forEach(({ startSeconds }, index) => {
    time.after(startSeconds * 1000, () => begin(index));
  });
  time.run();
  return { transfers: outcomes, peakSessions, grantOrder };
}
