import { once } from 'node:events';
import { mkdir, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { Command } from 'commander';
import { type EmbeddedServers, startEmbeddedServers } from '../../../local/embedded-servers.ts';
import { writeSampleFile } from '../../../local/sample-file.ts';
import { createS3Client } from '../../../s3/client.ts';
import { MIB } from '../../../transfer/text/units.ts';
import { EXIT_CODES } from '../../exit-codes.ts';
import { formatSize } from '../../format/sizes.ts';
import { printLine } from '../../print.ts';
import { onInterrupt } from '../../process/interrupt.ts';
import { makeWorkFolder } from './work-folder.ts';

const BUCKET = 'landing';
const KEYS = 'sandbox';
const FILES: readonly (readonly [name: string, sizeBytes: number])[] = [
  ['big.bin', 128 * MIB],
  ['inbox/orders-1.csv', 64 * 1024],
  ['inbox/orders-2.csv', 64 * 1024],
];

interface SandboxFlags {
  folder: string;
  keep?: true;
}

export function sandboxCommand(): Command {
  return new Command('sandbox')
    .description('start an SFTP server and an S3 server on this machine to play with, until Ctrl-C')
    .option('--folder <folder>', 'where everything is written', '.local-run')
    .option('--keep', 'keep the files when it ends')
    .addHelpText('after', '\nExample:\n  npx sftp-to-s3 sandbox')
    .action(sandbox);
}

async function sandbox(flags: SandboxFlags): Promise<void> {
  const folder = await makeWorkFolder(flags.folder, 'sandbox-');
  const interrupt = onInterrupt('Stopping the servers.');
  let servers: EmbeddedServers | undefined;
  try {
    const sftpFolder = join(folder, 'sftp');
    await mkdir(join(sftpFolder, 'inbox'), { recursive: true });
    for (const [name, sizeBytes] of FILES)
      await writeSampleFile(join(sftpFolder, name), sizeBytes, interrupt.signal);
    servers = await startEmbeddedServers({
      sftpFolder,
      s3Folder: join(folder, 's3'),
      allowNameChanges: false,
    });
    await createBucket(servers.s3.endpoint);
    printLine(howToPlay(servers, relative(process.cwd(), folder) || '.'));
    if (!interrupt.signal.aborted) await once(interrupt.signal, 'abort');
  } catch (error) {
    if (!interrupt.signal.aborted) throw error;
  } finally {
    interrupt.release();
    await servers?.close();
    if (flags.keep) printLine(`Kept: ${relative(process.cwd(), folder)}`);
    else await rm(folder, { recursive: true, force: true });
  }
  process.exitCode = EXIT_CODES.interrupted;
}

async function createBucket(endpoint: string): Promise<void> {
  const credentials = { accessKeyId: KEYS, secretAccessKey: KEYS };
  const s3 = createS3Client({ endpoint, region: 'us-east-1', credentials });
  try {
    await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  } finally {
    s3.destroy();
  }
}

/** The password is random, of servers on this machine that live as long as this command. */
function howToPlay({ sftp, s3 }: EmbeddedServers, folder: string): string {
  const server = `sftp://${sftp.username}@127.0.0.1:${sftp.port}`;
  const login = `--host-key ${sftp.hostKeyFingerprint} --password-env SFTP_PASSWORD`;
  const files = FILES.map(([name, sizeBytes]) => `/${name} (${formatSize(sizeBytes)})`).join(', ');
  return [
    `SFTP server  ${server}  serves ${folder}/sftp: ${files}`,
    `S3 server    ${s3.endpoint}  bucket ${BUCKET}`,
    '',
    'In another terminal:',
    '',
    `  export AWS_ACCESS_KEY_ID=${KEYS} AWS_SECRET_ACCESS_KEY=${KEYS} AWS_REGION=us-east-1`,
    `  export SFTP_PASSWORD=${sftp.password}`,
    '',
    '  # what is the server like?',
    `  npx sftp-to-s3 check ${server}/big.bin ${login}`,
    '  # move one large file',
    `  npx sftp-to-s3 transfer ${server}/big.bin s3://${BUCKET}/in/ ${login} --endpoint-url ${s3.endpoint}`,
    '  # what is new in a folder? (without --dry-run it is copied, each file once)',
    `  npx sftp-to-s3 pull ${server}/inbox s3://${BUCKET}/inbox/ ${login} --endpoint-url ${s3.endpoint} --quiet-seconds 0 --dry-run`,
    '  # what has landed',
    `  aws s3 ls --recursive s3://${BUCKET} --endpoint-url ${s3.endpoint}`,
    '',
    `Put files of your own into ${folder}/sftp. Ctrl-C stops both servers and removes what was written.`,
  ].join('\n');
}
