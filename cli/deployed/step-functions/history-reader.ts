import type { HistoryEvent } from '@aws-sdk/client-sfn';
import type { Executions } from './executions.ts';

/** Step Functions' largest page. */
const FIRST_PAGE_SIZE = 1_000;
/** A chunk takes seven events: enough for what happens between two polls. */
const NEXT_PAGE_SIZE = 200;

/**
 * Reads an execution's history as it grows. It is read from its newest event back to the newest one that is known,
 * so that a poll of a history of 20,000 events costs one small page.
 */
export class HistoryReader {
  readonly #executions: Pick<Executions, 'newestEvents'>;
  readonly #executionArn: string;
  readonly #events: HistoryEvent[] = [];

  constructor(executions: Pick<Executions, 'newestEvents'>, executionArn: string) {
    this.#executions = executions;
    this.#executionArn = executionArn;
  }

  /** All that is known, in the events' order; grows by `update`. */
  get events(): readonly HistoryEvent[] {
    return this.#events;
  }

  /** @returns how many events are new; when it throws, nothing has changed */
  async update(signal: AbortSignal): Promise<number> {
    const lastKnownId = this.#events.at(-1)?.id ?? 0;
    const size = lastKnownId === 0 ? FIRST_PAGE_SIZE : NEXT_PAGE_SIZE;
    const found = new Map<number, HistoryEvent>();
    let nextToken: string | undefined;
    let reachedKnown = false;
    do {
      const page = await this.#executions.newestEvents(this.#executionArn, { size, nextToken }, signal);
      for (const event of page.events) {
        const id = event.id ?? 0;
        if (id > lastKnownId) found.set(id, event);
        else reachedKnown = true;
      }
      nextToken = page.nextToken;
    } while (nextToken !== undefined && !reachedKnown);
    this.#events.push(...[...found.values()].sort((a, b) => (a.id ?? 0) - (b.id ?? 0)));
    return found.size;
  }
}
