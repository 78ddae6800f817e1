import type { ExecutionEnd } from '../../lambdas/reserve-sessions/ports.ts';
import { memorySessions } from '../../ledger/partner-sessions.ts';
import { RecordingTelemetry } from './recording-telemetry.ts';

/** A partner's sessions, and the executions that hold them, on a clock that stands still. */
export function sessionsRig(startMs: number) {
  let nowMs = startMs;
  const ends = new Map<string, ExecutionEnd>();
  /** Executions that Step Functions was asked about. */
  const asked: string[] = [];
  return {
    asked,
    settings: { maxSessions: 10, maxConcurrency: 8, drainMs: 900_000 },
    ports: {
      sessions: memorySessions(() => nowMs),
      telemetry: new RecordingTelemetry(),
      clock: { nowMs: () => nowMs },
      endOf: async (execution: string) => {
        asked.push(execution);
        return ends.get(execution);
      },
    },
    end: (execution: string, succeeded: boolean) => ends.set(execution, { endedAtMs: nowMs, succeeded }),
    wait: (ms: number) => {
      nowMs += ms;
    },
  };
}
