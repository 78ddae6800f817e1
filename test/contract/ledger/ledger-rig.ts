import { randomUUID } from 'node:crypto';
import type { LandedObject } from '../../../ledger/entry.ts';
import type { ClaimRequest, FileLedger } from '../../../ledger/ports.ts';

/** A ledger under test. Every call of `open` is another process's view of the same rows. */
export interface LedgerUnderTest {
  /** @param nowMs its process's own clock */
  open(collection: string, nowMs: () => number): Promise<FileLedger>;
}

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
export const LEASE_MS = 900_000;

export const OBJECT: LandedObject = {
  bucket: 'landing',
  key: 'acme/daily/a.csv',
  etag: '"e1"',
  versionId: 'v1',
  crc64Nvme: 'rosUhgY3jKs=',
};

/** What the tests of one ledger share: the ledger itself, its clock, and the usual steps of a file. */
export class LedgerRig {
  /** The clock of every view that has no other; each test moves it as it needs. */
  nowMs = 0;
  /** New for every test, so that none sees another's rows. */
  collection = '';
  #ledger: FileLedger | undefined;
  #subject: LedgerUnderTest | undefined;
  readonly #opened: FileLedger[] = [];

  /** Registers the hooks that start the ledger once, and give every test a collection and a clock of its own. */
  constructor(start: () => Promise<LedgerUnderTest>) {
    beforeAll(async () => {
      this.#subject = await start();
    }, 60_000);

    beforeEach(async () => {
      this.nowMs = Date.UTC(2026, 10, 25, 6);
      this.collection = `acme#${randomUUID()}`;
      this.#ledger = await this.another();
    });

    afterEach(async () => {
      for (const one of this.#opened.splice(0)) await one.close();
    });
  }

  get ledger(): FileLedger {
    if (this.#ledger === undefined) throw new Error('the ledger is there from beforeEach on');
    return this.#ledger;
  }

  /** Another process, whose clock may differ. */
  readonly another = async (clock: () => number = () => this.nowMs): Promise<FileLedger> => {
    if (this.#subject === undefined) throw new Error('the ledger is there from beforeAll on');
    const one = await this.#subject.open(this.collection, clock);
    this.#opened.push(one);
    return one;
  };

  readonly request = (change: Partial<ClaimRequest> = {}): ClaimRequest => {
    const file = { path: 'a.csv', sizeBytes: 10, modifiedAtSeconds: 1_700_000_000 };
    return { ...file, owner: 'run-1', leaseMs: LEASE_MS, maxFailures: 3, ...change };
  };

  /** The whole way of one file. */
  readonly land = async (change: Partial<ClaimRequest> = {}, object: LandedObject = OBJECT) => {
    const request = this.request(change);
    const claimed = await this.ledger.claim(request);
    if (!claimed.claimed) throw new Error(`not claimed: ${claimed.reason}`);
    const { path, attempt } = claimed.entry;
    const generation = attempt?.generation ?? 0;
    return this.ledger.commit({ path, owner: request.owner, generation, object, afterProof: 'none' });
  };
}

export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}
