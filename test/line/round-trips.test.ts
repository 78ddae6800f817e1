import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { packetLineMissing } from '../../bench/lab/line/packet-line-missing.ts';
import { describeUnless } from '../support/optional-suite.ts';
import { sshdMissing } from '../support/sftp/sshd.ts';
import type { ClientJob } from './support/client-job.ts';
import { useLineRig } from './support/line-rig.ts';
import type { LoginTimes } from './support/login-process.ts';
import { parsePcap } from './support/pcap.ts';
import { countRoundTrips } from './support/round-trips.ts';

/** Long against what a busy machine takes for anything. */
const ROUND_TRIP_MS = 500;
const LOGIN_PROCESS = new URL('./support/login-process.ts', import.meta.url);

describeUnless(packetLineMissing ?? sshdMissing, 'a cold login on a packet-level line', () => {
  const rig = useLineRig();

  test('takes 9 round trips to the SFTP session, and 11 to the first byte of a file', async () => {
    const { line, sshd, folder, keyFile, runAtClient } = rig();
    const file = path.join(folder, 'file');
    writeFileSync(file, 'x');
    const capture = path.join(folder, 'login.pcap');
    await line.shape({ roundTripMs: ROUND_TRIP_MS, bytesPerSecond: 0, queueBytes: 0, lossPpm: 0 });
    await line.capture(capture);
    const { host, port, username, hostKeyFingerprint } = sshd;
    const job: ClientJob = { host, port, username, keyFile, hostKeyFingerprint, path: file };
    const times = JSON.parse(await runAtClient(LOGIN_PROCESS, JSON.stringify(job))) as LoginTimes;
    await line.endCapture();

    const packets = parsePcap(readFileSync(capture));
    const roundTripsUntil = (endMs: number): number =>
      countRoundTrips(
        packets.filter(({ timeMs }) => timeMs <= endMs),
        { clientAddress: line.client.address, roundTripMs: ROUND_TRIP_MS },
      );
    expect(roundTripsUntil(times.sessionOpenMs)).toBe(9);
    expect(roundTripsUntil(times.firstByteMs)).toBe(11);
  });
});
