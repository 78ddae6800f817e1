import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { bundleFunctions } from '../../infra/bundling/bundle-functions.ts';
import { STEPS } from '../../infra/steps.ts';
import type { Lab } from '../lab/lab.ts';
import type { BenchPlan } from '../plan.ts';
import { median } from './median.ts';

export interface Bundle {
  step: string;
  bytes: number;
  gzippedBytes: number;
  /** Median of processes that load nothing else. */
  importMs: number;
}

/** What the handlers read when they are loaded. */
const FUNCTION_ENVIRONMENT = {
  AWS_REGION: 'us-east-1',
  PARTNER_NAME: 'bench',
  SFTP_HOST: '127.0.0.1',
  SFTP_PORT: '22',
  SFTP_HOST_KEY_FINGERPRINTS: '["SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"]',
  SFTP_SECRET_ARN: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:bench',
  LANDING_BUCKET: 'landing',
  CHUNK_SIZE_BYTES: '52428800',
  MAX_CONCURRENCY: '8',
  MAX_SESSIONS: '8',
  SESSION_DRAIN_SECONDS: '900',
  LEDGER_TABLE: 'ledger',
};
const MEASURE_IMPORT =
  'const t = performance.now(); require(process.argv[1]); process.stdout.write(String(performance.now() - t)); process.exit()';

/** Size and time to load of the functions as they are deployed. */
export async function measureBundles(lab: Lab, plan: BenchPlan): Promise<Bundle[]> {
  const zips = bundleFunctions(STEPS);
  const bundles: Bundle[] = [];
  for (const step of STEPS) {
    const code = storedEntry(zips[step], 'index.js');
    const file = path.join(lab.folder, `${step}.cjs`);
    await writeFile(file, code);
    const importMs: number[] = [];
    for (let round = 0; round < plan.importRounds; round += 1) {
      const { stdout } = await promisify(execFile)(process.execPath, ['-e', MEASURE_IMPORT, file], {
        env: FUNCTION_ENVIRONMENT,
      });
      importMs.push(Number(stdout));
    }
    const gzippedBytes = gzipSync(code).length;
    bundles.push({ step, bytes: code.length, gzippedBytes, importMs: median(importMs) });
  }
  return bundles;
}

/** An entry of a zip that stores without compression, as ours do. @throws RangeError when it has none of the name */
function storedEntry(zip: Buffer, name: string): Buffer {
  for (let at = 0; zip.readUInt32LE(at) === 0x04034b50; ) {
    const sizeBytes = zip.readUInt32LE(at + 18);
    const nameEnd = at + 30 + zip.readUInt16LE(at + 26);
    const dataEnd = nameEnd + zip.readUInt16LE(at + 28) + sizeBytes;
    if (zip.toString('utf8', at + 30, nameEnd) === name) return zip.subarray(dataEnd - sizeBytes, dataEnd);
    at = dataEnd;
  }
  throw new RangeError(`no ${name} in the bundle`);
}
