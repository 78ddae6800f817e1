import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { MIB } from '../../transfer/text/units.ts';
import { Terminal } from '../support/terminal.ts';
import { Deployment, REGION } from '../terraform/rig/deployment.ts';
import { startEmulator } from '../terraform/rig/emulator.ts';
import { startExecution } from '../terraform/rig/executions.ts';
import type { Tools } from '../terraform/rig/tools.ts';
import { type Capture, type Scene, WIDTHS } from './capture.ts';
import { FILE, SlowPartner } from './slow-partner.ts';

const BIN = path.join(import.meta.dirname, '../../bin/sftp-to-s3.js');
const STACK = 'sftp-to-s3';
const PARTNER = 'acme';

/** A transfer on AWS (emulated, and deployed by Terraform) whose partner is down, as who follows it sees it. */
export async function followerScene(folder: string, tools: Tools): Promise<Scene> {
  mkdirSync(folder);
  const partner = await SlowPartner.prepare(path.join(folder, 'partner'), 20, 16 * MIB);
  const fingerprint = await partner.start();
  const emulator = await startEmulator(tools.python, folder);
  const deployment = new Deployment(tools, emulator, folder);
  const terminals: Terminal[] = [];
  try {
    const terraform = await deployment.synthesise(configurationOf(partner.port, fingerprint));
    await terraform.apply();
    const { state_machine_arns: arns } = (await terraform.outputs()) as {
      state_machine_arns: Record<string, string>;
    };
    await deployment.putSecret(`${STACK}/${PARTNER}/sftp`, partner.credentials);
    await partner.stop();
    await startExecution(deployment.stepFunctions, String(arns[PARTNER]), 'nightly', {
      sftp_file_path: FILE,
    });

    const args = ['watch', PARTNER, '--stack-name', STACK, '--region', REGION];
    const environment = {
      HOME: folder,
      AWS_ENDPOINT_URL: emulator.endpoint,
      AWS_ACCESS_KEY_ID: 'emulated',
      AWS_SECRET_ACCESS_KEY: 'emulated',
    };
    terminals.push(
      ...WIDTHS.map(
        (columns) => new Terminal([process.execPath, BIN, ...args], { columns, environment, folder }),
      ),
    );
    const moments: Capture['moments'][number][][] = terminals.map(() => []);
    const look = (when: string): void => {
      for (const [index, terminal] of terminals.entries())
        moments[index]?.push({ when, screen: terminal.screen() });
    };
    for (const terminal of terminals) await terminal.shows(/SftpConnectionError/);
    look('As soon as something is shown');
    await sleep(90_000);
    look('A minute and a half later');
    await partner.start();
    const exitCodes = await Promise.all(terminals.map((terminal) => terminal.end()));
    look(`At the end, after the server had come back, exit code ${exitCodes[0]}`);
    return {
      title: 'Following a transfer whose partner is down',
      story:
        'A scheduled transfer has started on AWS, and nobody answers at the partner. It waits, and nothing is lost.',
      captures: WIDTHS.map((columns, index) => ({
        columns,
        command: `npx sftp-to-s3 ${args.join(' ')}`,
        moments: moments[index] ?? [],
      })),
    };
  } finally {
    for (const terminal of terminals) terminal.close();
    deployment.close();
    await emulator.stop();
    await partner.stop();
  }
}

function configurationOf(port: number, fingerprint: string) {
  return {
    name: STACK,
    region: REGION,
    network: { availabilityZones: [`${REGION}a`] },
    partners: [
      {
        name: PARTNER,
        host: '127.0.0.1',
        port,
        hostKeyFingerprints: [fingerprint],
        allowedCidrs: ['127.0.0.0/8'],
        maxSessions: 4,
        maxConcurrency: 2,
        chunkSizeBytes: 5 * MIB,
      },
    ],
  };
}
