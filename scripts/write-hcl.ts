import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { App } from 'cdktf';
import { configurationFile, loadConfiguration } from '../infra/config/load-configuration.ts';
import { stackHcl } from '../infra/hcl/stack-hcl.ts';
import { stackReadme } from '../infra/hcl/stack-readme.ts';
import { TransferStack } from '../infra/transfer-stack.ts';

/**
 * Writes the stack as HCL, with its packages and a README, for Terraform alone: `npm run hcl [-- FOLDER]`.
 * `SFTP_TO_S3_CONFIG` names the configuration. @default the folder hcl.out
 */
const [outdir = 'hcl.out'] = process.argv.slice(2);

rmSync(path.join(outdir, 'stacks'), { recursive: true, force: true });
const configuration = loadConfiguration(configurationFile());
const app = new App({ outdir, stackTraces: false });
const stack = new TransferStack(app, configuration);
app.synth();

const folder = path.join(outdir, 'stacks', configuration.name);
const packages = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.zip'))
  .sort()
  .map((file) => ({
    file,
    sha256: createHash('sha256')
      .update(readFileSync(path.join(folder, file)))
      .digest('hex'),
  }));
writeFileSync(path.join(folder, 'main.tf'), stackHcl(stack));
writeFileSync(path.join(folder, 'README.md'), stackReadme(stack, configuration.name, packages));
for (const file of ['cdk.tf.json', 'metadata.json']) rmSync(path.join(folder, file), { force: true });
for (const entry of ['manifest.json', 'packages'])
  rmSync(path.join(outdir, entry), { recursive: true, force: true });
process.stdout.write(
  `${path.join(folder, 'main.tf')} is the stack; README.md beside it says how to go on.\n`,
);
