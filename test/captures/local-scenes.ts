import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BUCKET, startLandingStore } from '../support/s3/landing-store.ts';
import { startS3FaultFront } from '../support/s3/s3-fault-front.ts';
import { Terminal } from '../support/terminal.ts';
import { type Capture, type Scene, WIDTHS } from './capture.ts';
import { FILE, SlowPartner } from './slow-partner.ts';

const BIN = path.join(import.meta.dirname, '../../bin/sftp-to-s3.js');
const READ_MS = 900;
const OUTAGE_MS = 30_000;
const MIDDLE = /^[1-9]\d?%/m;
/** Longer than an end of the upload takes that nobody waits for. */
const ABORT_MS = 8_000;
/** Two presses closer together than this are taken for one. */
const BETWEEN_PRESSES_MS = 800;

interface Stage {
  partner: SlowPartner;
  open(key: string, columns: number): { terminal: Terminal; command: string };
}

/** Transfers on this machine, against servers on this machine. */
export async function localScenes(folder: string): Promise<Scene[]> {
  const partner = await SlowPartner.prepare(path.join(folder, 'partner'), READ_MS);
  const fingerprint = await partner.start();
  const store = await startLandingStore(path.join(folder, 's3'));
  const front = await startS3FaultFront(store.endpoint, ({ operation }) =>
    operation === 'AbortMultipartUpload' ? { what: 'delay', delayMs: ABORT_MS } : undefined,
  );
  const open: Stage['open'] = (key, columns) => {
    const args = [
      'transfer',
      `sftp://${partner.credentials.Username}@127.0.0.1:${partner.port}${FILE}`,
      `s3://${BUCKET}/${key}`,
      '--host-key',
      fingerprint,
      ...['--password-env', 'SFTP_PASSWORD', '--endpoint-url', front.endpoint],
      ...['--chunk-size', '8MiB', '--max-concurrency', '4'],
    ];
    const environment = {
      ...store.environment,
      HOME: folder,
      SFTP_PASSWORD: partner.credentials.Password,
    };
    const terminal = new Terminal([process.execPath, BIN, ...args], { columns, environment, folder });
    return { terminal, command: `npx sftp-to-s3 ${args.join(' ')}` };
  };
  const stage = { partner, open };
  try {
    return [await outage(stage), await ctrlCOnce(stage), await ctrlCTwice(stage)];
  } finally {
    await front.close();
    await store.close();
    await partner.stop();
  }
}

async function outage({ partner, open }: Stage): Promise<Scene> {
  const watched = WIDTHS.map((columns) => ({ columns, ...open(`outage-${columns}.bin`, columns) }));
  const moments: Capture['moments'][number][][] = watched.map(() => []);
  const look = (when: string): void => {
    for (const [index, { terminal }] of watched.entries())
      moments[index]?.push({ when, screen: terminal.screen() });
  };
  for (const { terminal } of watched) await terminal.shows(MIDDLE);
  await sleep(3_000);
  look('Before');
  await partner.stop();
  await sleep(OUTAGE_MS / 3);
  look('Ten seconds after the server went down');
  await sleep((OUTAGE_MS * 2) / 3);
  look('After 30 seconds, when it comes back');
  await partner.start();
  const exitCodes = await Promise.all(watched.map(({ terminal }) => terminal.end()));
  look(`At the end, exit code ${exitCodes[0]}`);
  return {
    title: 'A transfer through an outage of 30 seconds',
    story: "The partner's server goes down in the middle, and comes back.",
    captures: watched.map(({ columns, command }, index) => ({
      columns,
      command,
      moments: moments[index] ?? [],
    })),
  };
}

async function ctrlCOnce({ open }: Stage): Promise<Scene> {
  const captures = await atEachWidth(async (columns) => {
    const { terminal, command } = open(`once-${columns}.bin`, columns);
    await terminal.shows(MIDDLE);
    terminal.pressCtrlC();
    await terminal.shows(/Press Ctrl-C again/);
    const stopping = { when: 'While the upload is removed', screen: terminal.screen() };
    const exitCode = await terminal.end();
    const end = { when: `At the end, exit code ${exitCode}`, screen: terminal.screen() };
    return { columns, command, moments: [stopping, end] };
  });
  return {
    title: 'Ctrl-C once',
    story: 'The upload is removed, and that it is gone is proved before the command ends.',
    captures,
  };
}

async function ctrlCTwice({ open }: Stage): Promise<Scene> {
  const captures = await atEachWidth(async (columns) => {
    const { terminal, command } = open(`twice-${columns}.bin`, columns);
    await terminal.shows(MIDDLE);
    terminal.pressCtrlC();
    await terminal.shows(/Press Ctrl-C again/);
    await sleep(BETWEEN_PRESSES_MS);
    terminal.pressCtrlC();
    const exitCode = await terminal.end();
    return {
      columns,
      command,
      moments: [{ when: `At the end, exit code ${exitCode}`, screen: terminal.screen() }],
    };
  });
  return {
    title: 'Ctrl-C twice',
    story: 'Nothing is waited for any more: what may be left is named, with the command that removes it.',
    captures,
  };
}

/** One after the other: they would slow each other down. */
async function atEachWidth(capture: (columns: number) => Promise<Capture>): Promise<Capture[]> {
  const captures: Capture[] = [];
  for (const columns of WIDTHS) captures.push(await capture(columns));
  return captures;
}
