import { retriesForPeople } from '../results/describe-retry.ts';
import type { RetriedFailure } from '../timeline/retried-failures.ts';

/** What an outage ends, it ends within this time; failures that are closer together share a line. */
const SAME_MOMENT_MS = 300;

/** Notes failures as they happen; those of the same moment as one line. */
export class RetryLines {
  readonly #note: (line: string) => void;
  #failures: RetriedFailure[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(note: (line: string) => void) {
    this.#note = note;
  }

  add(failure: RetriedFailure): void {
    this.#failures.push(failure);
    this.#timer ??= setTimeout(() => this.flush(), SAME_MOMENT_MS).unref();
  }

  /** Notes what is not noted yet. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const line of retriesForPeople(this.#failures)) this.#note(line);
    this.#failures = [];
  }
}
