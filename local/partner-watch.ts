import { awaitPartner, nameOfWork } from '../lambdas/reserve-sessions/await-partner.ts';
import type { AwaitedPartner, AwaitPartnerEvent } from '../lambdas/reserve-sessions/event.ts';
import { memoryTurns, type ToldTurns } from '../ledger/partner-turns.ts';
import type { Clock } from '../transfer/clock.ts';
import type { Patience } from '../transfer/patience.ts';
import type { Telemetry } from '../transfer/telemetry.ts';
import type { CaughtError } from '../transfer/text/lambda-error.ts';

/** The states that wait on AWS; here the task before each of them does. */
export const WAITS_FOR_PARTNER: readonly string[] = ['WaitForPartner', 'WaitForPartnerOfSegment'];
/** Less than the TimeoutSeconds of the states that ask: whoever has to wait for longer asks again. */
const MAX_SLEEP_MS = 30_000;

interface WatchPorts {
  telemetry: Telemetry;
  clock: Clock;
}

type Awaited = AwaitedPartner & { lost: CaughtError; segmentNumber: number | undefined };

/**
 * Waits for a partner within one process, where whoever reads from it again wakes all that wait. On AWS each of them has
 * to ask: a function that reads cannot reach one that waits.
 *
 * The first bytes that come are what counts. A login proves less, as some servers let everybody in and then say nothing;
 * a chunk that has landed comes later, and says something of S3 as well. Those who are woken log in as at the start of
 * the transfer, one after the other.
 */
export class PartnerWatch {
  readonly #ports: WatchPorts;
  readonly #patience: Patience;
  readonly #turns: ToldTurns;
  readonly #onAwaited: (awaited: Awaited) => void;
  readonly #waiting = new Set<AbortController>();

  constructor(ports: WatchPorts, patience: Patience, onAwaited: (awaited: Awaited) => void) {
    this.#ports = ports;
    this.#patience = patience;
    this.#turns = memoryTurns(() => ports.clock.nowMs(), patience.turnMs);
    this.#onAwaited = onAwaited;
  }

  /** Returns when it is time to ask again; with `wait_seconds` 0 when the work may try. */
  async wait(event: AwaitPartnerEvent, signal: AbortSignal): Promise<AwaitedPartner> {
    const woken = new AbortController();
    // Before it asks: who reaches the partner from now on wakes it.
    this.#waiting.add(woken);
    try {
      const awaited = await awaitPartner(
        event,
        { ...this.#ports, turns: this.#turns },
        this.#patience,
        signal,
      );
      const { lost, segment } = event.lost_partner;
      this.#onAwaited({ ...awaited, lost, segmentNumber: segment?.segment_number });
      if (awaited.wait_seconds === 0) return awaited;
      const sleptMs = await this.#sleep(Math.min(awaited.wait_seconds * 1_000, MAX_SLEEP_MS), woken, signal);
      const unsleptSeconds = awaited.wait_seconds - Math.ceil(sleptMs / 1_000);
      return { ...awaited, waited_seconds: Math.max(0, awaited.waited_seconds - unsleptSeconds) };
    } finally {
      this.#waiting.delete(woken);
    }
  }

  /** @returns to be called whenever bytes come to this worker; the first time wakes whoever waits */
  whoReads(execution: string, segmentNumber: number): () => void {
    let isKnown = false;
    return () => {
      if (isKnown) return;
      isKnown = true;
      void this.#reached(nameOfWork(execution, segmentNumber));
    };
  }

  async #reached(by: string): Promise<void> {
    // Bytes of a session that was never lost say nothing to those who are not let in.
    if (!(await this.#turns.reached(by))) return;
    for (const woken of this.#waiting) woken.abort();
  }

  async #sleep(ms: number, woken: AbortController, signal: AbortSignal): Promise<number> {
    const { clock } = this.#ports;
    const startedMs = clock.nowMs();
    await clock.sleep(ms, AbortSignal.any([signal, woken.signal])).catch((error: unknown) => {
      signal.throwIfAborted();
      if (!woken.signal.aborted) throw error;
    });
    return clock.nowMs() - startedMs;
  }
}
