import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PROJECT_FOLDER } from '../infra/bundling/bundle-functions.ts';
import { differences } from './synthesis-differences.ts';
import { SYNTHESIS_SOURCES } from './synthesis-sources.ts';

/**
 * Synthesises the same sources by CDKTF and by its successor cdktn, and compares: `npm run successor`. Ends with 1 and
 * the differences when there are any. It installs the successor from the registry into a temporary folder.
 */
const SUCCESSOR = { cdktn: '0.24.0', '@cdktn/provider-aws': '25.7.0', constructs: '10.7.0' };
/** Name in the sources, and the package that takes its place. One copy of each, since constructs know each other by class. */
const ALIASES = { cdktf: 'cdktn', '@cdktf/provider-aws': '@cdktn/provider-aws' };

const folder = mkdtempSync(path.join(tmpdir(), 'successor-'));
try {
  const ours = synthesise(PROJECT_FOLDER, path.join(folder, 'ours'));
  const theirs = synthesise(copyWithSuccessor(path.join(folder, 'project')), path.join(folder, 'theirs'));
  const found = differences(ours, theirs);
  const versions = Object.entries(SUCCESSOR).map(([name, version]) => `${name} ${version}`);
  process.stdout.write(
    found.length === 0
      ? `The stack is the same, but for metadata and the provider's version, by ${versions.join(', ')}.\n`
      : `${found.length} differences by ${versions.join(', ')}:\n${found.slice(0, 40).join('\n')}\n`,
  );
  process.exitCode = found.length === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function copyWithSuccessor(project: string): string {
  mkdirSync(project);
  for (const source of SYNTHESIS_SOURCES) {
    cpSync(path.join(PROJECT_FOLDER, source), path.join(project, source), { recursive: true });
  }
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ private: true }));
  const packages = Object.entries(SUCCESSOR).map(([name, version]) => `${name}@${version}`);
  const npm = ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--save-exact', ...packages];
  execFileSync('npm', npm, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  // Where the bundler names its sources from the same place as ours.
  const installed = path.join(project, 'node_modules');
  renameSync(path.join(folder, 'node_modules'), installed);
  for (const [alias, name] of Object.entries(ALIASES)) {
    const link = path.join(installed, alias);
    mkdirSync(path.dirname(link), { recursive: true });
    symlinkSync(path.join(installed, name), link);
  }
  for (const name of ourOtherPackages(installed)) {
    const link = path.join(installed, name);
    mkdirSync(path.dirname(link), { recursive: true });
    symlinkSync(path.join(PROJECT_FOLDER, 'node_modules', name), link);
  }
  return project;
}

/** Every package of ours that the successor has not brought, scoped ones one by one. */
function ourOtherPackages(installed: string): string[] {
  const namesIn = (modules: string) =>
    readdirSync(modules)
      .filter((name) => !name.startsWith('.'))
      .flatMap((name) =>
        name.startsWith('@')
          ? readdirSync(path.join(modules, name)).map((part) => `${name}/${part}`)
          : [name],
      );
  const there = new Set(namesIn(installed));
  return namesIn(path.join(PROJECT_FOLDER, 'node_modules')).filter((name) => !there.has(name));
}

function synthesise(project: string, outdir: string): unknown {
  execFileSync(process.execPath, ['--disable-warning=DEP0044', path.join(project, 'main.ts')], {
    env: {
      PATH: process.env.PATH,
      CDKTF_OUTDIR: outdir,
      SFTP_TO_S3_CONFIG: path.join(project, 'config/example.json'),
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [name = ''] = readdirSync(path.join(outdir, 'stacks'));
  return JSON.parse(readFileSync(path.join(outdir, 'stacks', name, 'cdk.tf.json'), 'utf8'));
}
