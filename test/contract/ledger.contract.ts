import { afterProofContract } from './ledger/after-proof.contract.ts';
import { claimContract } from './ledger/claim.contract.ts';
import { clocksContract } from './ledger/clocks.contract.ts';
import { crashContract } from './ledger/crash.contract.ts';
import { exactRowsContract } from './ledger/exact-rows.contract.ts';
import { goneContract } from './ledger/gone.contract.ts';
import { lateOwnerContract } from './ledger/late-owner.contract.ts';
import { LedgerRig, type LedgerUnderTest } from './ledger/ledger-rig.ts';
import { listContract } from './ledger/list.contract.ts';
import { manyAtOnceContract } from './ledger/many-at-once.contract.ts';
import { operatorContract } from './ledger/operator.contract.ts';
import { ownClaimContract } from './ledger/own-claim.contract.ts';

/** What every ledger promises; see `FileLedger`. */
export function ledgerContract(start: () => Promise<LedgerUnderTest>): void {
  const rig = new LedgerRig(start);

  claimContract(rig);
  ownClaimContract(rig);
  lateOwnerContract(rig);
  clocksContract(rig);
  crashContract(rig);
  afterProofContract(rig);
  goneContract(rig);
  operatorContract(rig);
  listContract(rig);
  exactRowsContract(rig);
  manyAtOnceContract(rig);
}
