import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type PacketLine, startPacketLine } from '../../../bench/lab/line/packet-line.ts';
import { type Sshd, startSshd } from '../../support/sftp/sshd.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

/** No suite lasts that long; whatever happens, nothing is left after it. */
const MAX_SECONDS = 300;

/** A line with sshd at its server's end. */
export interface LineRig {
  line: PacketLine;
  sshd: Sshd;
  /** For files that are to be served, or to be looked at: both ends and the test share the file system. */
  folder: string;
  /** With the private key of sshd's user. */
  keyFile: string;
  /** Runs a TypeScript file at the client's end. @returns what it printed */
  runAtClient(script: URL, argument: string): Promise<string>;
}

/** The rig is there while the suite runs. */
export function useLineRig(): () => LineRig {
  const folder = temporaryDirectory();
  const keyFile = path.join(folder, 'key');
  let rig: LineRig | undefined;
  beforeAll(async () => {
    const line = await startPacketLine(MAX_SECONDS);
    const atIpv6 = line.serverIpv6 === undefined ? [] : [`ListenAddress ${line.serverIpv6}`];
    const sshd = await startSshd(atIpv6, line.server).catch(async (error) => {
      await line.stop();
      throw error;
    });
    writeFileSync(keyFile, sshd.privateKey, { mode: 0o600 });
    const runAtClient = async (script: URL, argument: string): Promise<string> => {
      const [program, args] = line.client.enter(process.execPath, [fileURLToPath(script), argument]);
      return (await promisify(execFile)(program, args)).stdout;
    };
    rig = { line, sshd, folder, keyFile, runAtClient };
  });
  afterAll(async () => {
    await rig?.sshd.stop();
    await rig?.line.stop();
  });
  return () => {
    if (rig === undefined) throw new Error('the line is not there yet');
    return rig;
  };
}
