import { checkServer } from '../../../doctor/check-server.ts';
import type { OwnSide } from '../../../doctor/diagnosis/failure-report.ts';
import type { ServerCheckReport } from '../../../doctor/report.ts';
import type { FakeServerProbe } from '../sftp/fake-server-probe.ts';
import { stepRig } from '../step-rig.ts';

export const FILE = { path: '/outbound/big.zip' };
export const OWN_SIDE: OwnSide = {
  egressAddresses: ['198.51.100.1', '198.51.100.2'],
  allowedCidrs: ['203.0.113.0/24'],
};
const never = new AbortController().signal;

/** Checks a server in memory, from a network whose egress addresses are known. */
export function check(probe: FakeServerProbe, request = {}, ownSide = OWN_SIDE): Promise<ServerCheckReport> {
  return checkServer({ ...FILE, ...request }, { probe, clock: stepRig().clock }, ownSide, never);
}
