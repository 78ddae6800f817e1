import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { FIRST_PROVIDER_WITH_RUNTIME, PROJECT, SYNTH_TIMEOUT_MS } from './synthesised-stack.ts';
import type { ProviderMirror } from './tools.ts';

/**
 * Runs `npm run hcl` on a configuration.
 * @param folder receives configuration and output
 * @returns the folder that Terraform runs in
 */
export async function writeHcl(configuration: { name: string }, folder: string): Promise<string> {
  const configurationFile = path.join(folder, 'config.json');
  writeFileSync(configurationFile, JSON.stringify(configuration));
  const outdir = path.join(folder, 'hcl.out');
  const script = path.join(PROJECT, 'scripts/write-hcl.ts');
  await promisify(execFile)(process.execPath, ['--disable-warning=DEP0044', script, outdir], {
    cwd: folder,
    env: { PATH: process.env.PATH, SFTP_TO_S3_CONFIG: configurationFile },
    timeout: SYNTH_TIMEOUT_MS,
  });
  return path.join(outdir, 'stacks', configuration.name);
}

/** As adaptToProvider does it with the JSON. */
export function adaptHclToProvider(stackFolder: string, { version }: ProviderMirror): void {
  const file = path.join(stackFolder, 'main.tf');
  let text = readFileSync(file, 'utf8').replace(/(version\s*= )"[^"]+"/, `$1"${version}"`);
  if (Number(version.split('.')[0]) < FIRST_PROVIDER_WITH_RUNTIME) {
    text = text
      .replaceAll('"nodejs24.x"', '"nodejs22.x"')
      .replace(
        /\n *lifecycle \{\n *ignore_changes *= \[[^\]]*regional_nat_gateway_address[^\]]*\]\n *\}/g,
        '',
      );
  }
  writeFileSync(file, text);
}
