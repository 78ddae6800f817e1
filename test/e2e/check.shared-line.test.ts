import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ServerCheckReport } from '../../doctor/report.ts';
import { startSftpServer } from '../../local/sftp-server/sftp-server.ts';
import { runCommand } from '../support/command-line.ts';
import { startSlowLine } from '../support/network/slow-line.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const MIB = 1_048_576;
const PASSWORD = 'correct horse';
const rootDirectory = temporaryDirectory();
const LINE_BYTES_PER_SECOND = 3 * MIB;

test('over a line that one connection fills, check measures four at once and recommends fewer than were open', async () => {
  writeFileSync(path.join(rootDirectory, 'big.bin'), randomBytes(12 * MIB));
  const server = await startSftpServer({ rootDirectory, username: 'us', password: PASSWORD });
  const line = await startSlowLine(server.port, LINE_BYTES_PER_SECOND);
  try {
    const url = `sftp://us@127.0.0.1:${line.port}/big.bin`;
    const options = ['--host-key', server.hostKeyFingerprint, '--password-env', 'SFTP_PASSWORD', '--json'];
    const result = await runCommand(['check', url, ...options, '--file-size', '10GiB'], {
      SFTP_PASSWORD: PASSWORD,
    });

    const { recommendation, stages } = result.json() as unknown as ServerCheckReport;
    expect(stages.at(-1)).toMatchObject({
      stage: 'throughput-many-connections',
      verdict: 'ok',
      details: { connections: 4, is_conclusive: true },
    });
    // All of the file, unless the five seconds were over before.
    expect(stages.at(-1)?.details.bytes).toBeGreaterThan(8 * MIB);
    // Not one of them has more than the line gives to all.
    expect(stages.at(-1)?.details.mib_per_second).toBeLessThan(4);
    expect(recommendation?.max_concurrency).toBeLessThanOrEqual(2);
    expect(recommendation?.reasons.join('\n')).toMatch(
      /4 connections at once had \d\.\d times the rate of one/,
    );
    // 10 GiB at 3 MiB/s are 57 minutes, however many share them.
    expect(recommendation?.expected_seconds.fastest).toBeGreaterThan(2_500);
  } finally {
    await line.close();
    await server.close();
  }
});
