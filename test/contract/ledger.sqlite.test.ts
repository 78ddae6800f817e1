import { join } from 'node:path';
import { openSqliteLedger } from '../../ledger/sqlite/sqlite-ledger.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { ledgerContract } from './ledger.contract.ts';

describe('the ledger in a file of SQLite', () => {
  const file = join(temporaryDirectory(), 'ledger.db');

  ledgerContract(async () => ({
    open: (collection, nowMs) => openSqliteLedger({ file, collection, nowMs }),
  }));
});
