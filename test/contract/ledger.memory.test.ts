import type { LedgerEntry } from '../../ledger/entry.ts';
import { MemoryRows } from '../../ledger/memory-rows.ts';
import { StoredLedger } from '../../ledger/stored-ledger.ts';
import { ledgerContract } from './ledger.contract.ts';

describe('the ledger in memory', () => {
  // Every view has its own clock over the same rows.
  const collections = new Map<string, MemoryRows<LedgerEntry>>();
  const nowMs = { of: () => 0 };

  ledgerContract(async () => ({
    async open(collection, clock) {
      const rows = collections.get(collection) ?? new MemoryRows<LedgerEntry>(() => nowMs.of());
      collections.set(collection, rows);
      return new StoredLedger(
        {
          read: (key) => rows.read(key),
          rows: (signal) => rows.rows(signal),
          close: () => rows.close(),
          apply(key, transition, signal) {
            nowMs.of = clock;
            return rows.apply(key, transition, signal);
          },
        },
        clock,
      );
    },
  }));
});
