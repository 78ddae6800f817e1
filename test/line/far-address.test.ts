import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { packetLineMissing } from '../../bench/lab/line/packet-line-missing.ts';
import { ipv6Missing } from '../support/network/ipv6-loopback.ts';
import { describeUnless } from '../support/optional-suite.ts';
import { sshdMissing } from '../support/sftp/sshd.ts';
import type { ClientJob } from './support/client-job.ts';
import { useLineRig } from './support/line-rig.ts';
import type { LoginTimes } from './support/login-process.ts';
import { parsePcap } from './support/pcap.ts';

const LOGIN_PROCESS = new URL('./support/login-process.ts', import.meta.url);
/** From Europe to Australia. */
const ROUND_TRIP_MS = 300;
const NAME = 'sftp.partner.test';
const FAR = '198.18.0.2';
const FAR_IPV6 = '2001:2::2';
/** The line carries packets to these, and nobody is there. */
const DEAD = '198.18.0.5';
const DEAD_IPV6 = '2001:2::5';

describeUnless(packetLineMissing ?? sshdMissing, 'a name of several addresses on a packet-level line', () => {
  const rig = useLineRig();

  type Case = [what: string, addresses: string[], answering: string];
  const ofIpv4: Case[] = [
    ['a far one after a dead one', [DEAD, FAR], FAR],
    ['a far one before a dead one', [FAR, DEAD], FAR],
  ];
  const ofIpv6: Case[] = [
    ['far by IPv6 alone', [FAR_IPV6], FAR_IPV6],
    ['far by IPv6, dead by IPv4', [DEAD, FAR_IPV6], FAR_IPV6],
    ['dead by IPv6, far by IPv4', [DEAD_IPV6, FAR], FAR],
    ['all but the last are dead', [DEAD, DEAD_IPV6, FAR_IPV6], FAR_IPV6],
  ];
  test.each(ofIpv4)('%s: its first byte comes', comesFrom);
  (ipv6Missing === undefined ? test : test.skip).each(ofIpv6)('%s: its first byte comes', comesFrom);

  async function comesFrom(_what: string, addresses: string[], answering: string): Promise<void> {
    const { line, sshd, folder, keyFile, runAtClient } = rig();
    const file = path.join(folder, 'file');
    writeFileSync(file, 'x');
    const capture = path.join(folder, 'addresses.pcap');
    await line.shape({ roundTripMs: ROUND_TRIP_MS, bytesPerSecond: 0, queueBytes: 0, lossPpm: 0 });
    await line.capture(capture);
    const loginsBefore = loginsOf(await sshd.logged());
    const { port, username, hostKeyFingerprint } = sshd;
    const job: ClientJob = {
      host: NAME,
      addresses,
      port,
      username,
      keyFile,
      hostKeyFingerprint,
      path: file,
    };
    const times = JSON.parse(await runAtClient(LOGIN_PROCESS, JSON.stringify(job))) as LoginTimes;
    await line.endCapture();

    expect(times.firstByteMs).toBeGreaterThan(times.sessionOpenMs);
    const logins = loginsOf(await sshd.logged()).slice(loginsBefore.length);
    expect(logins).toEqual([answering.includes(':') ? '2001:2::1' : '198.18.0.1']);
    const opened = parsePcap(readFileSync(capture)).filter(({ isSyn }) => isSyn);
    const tried = new Set(
      opened.map(({ destination }) => destination).filter((to) => to !== line.client.address),
    );
    // Whoever stands before the one that answers was really asked, over the line.
    for (const address of addresses.slice(0, addresses.indexOf(answering))) expect(tried).toContain(address);
  }
});

/** From where, one after the other. */
const loginsOf = (log: string): string[] =>
  [...log.matchAll(/^Accepted publickey for \S+ from (\S+) /gm)].map(([, address]) => String(address));
