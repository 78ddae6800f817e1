import { execFileSync } from 'node:child_process';

/** What the suite needs besides Node.js. */
export interface Tools {
  terraform: string;
  /** A Python that has moto. */
  python: string;
  provider: ProviderMirror;
}

/** A folder that holds Terraform's AWS provider, laid out as Terraform's filesystem mirrors are. */
export interface ProviderMirror {
  folder: string;
  version: string;
}

/** Names the folder of the mirror, where it is none of the usual ones. */
export const MIRROR_VARIABLE = 'TERRAFORM_PLUGIN_MIRROR';
const PROVIDER_FILES = 'terraform-provider-aws_*';
const USUAL_MIRRORS = [
  `${process.env.HOME}/.terraform.d`,
  '/usr/share/terraform',
  '/usr/local/share/terraform',
];
const SEARCH_TIMEOUT_MS = 60_000;

/** The tools, or what is missing of them. */
export function findTools(): { tools: Tools; missing?: undefined } | { tools?: undefined; missing: string } {
  const terraform = succeeds('terraform', ['version', '-json']) ? 'terraform' : undefined;
  const python = succeeds('python3', ['-c', 'import moto.server, moto.stepfunctions.parser.models'])
    ? 'python3'
    : undefined;
  const provider = findProvider();
  if (terraform !== undefined && python !== undefined && provider !== undefined) {
    return { tools: { terraform, python, provider } };
  }
  const missing = [
    terraform === undefined && 'terraform (1.5 or later)',
    python === undefined && "python3 with moto (pip install 'moto[server,stepfunctions]==5.2.1')",
    provider === undefined &&
      `the AWS provider in a Terraform filesystem mirror (${MIRROR_VARIABLE} names it)`,
  ].filter((text) => text !== false);
  return { missing: `not found: ${missing.join(', ')}` };
}

function findProvider(): ProviderMirror | undefined {
  const named = process.env[MIRROR_VARIABLE];
  const searches = named ? [[named]] : [USUAL_MIRRORS, ['/', '-xdev']];
  for (const places of searches) {
    const mirrors = find(places).flatMap((file) => mirrorOf(file) ?? []);
    const [newest] = mirrors.sort((a, b) => b.version.localeCompare(a.version, 'en', { numeric: true }));
    if (newest !== undefined) return newest;
  }
  return undefined;
}

/** `<folder>/<host>/hashicorp/aws/<version>/<platform>/…`, or the packed form with the version in the file's name. */
function mirrorOf(file: string): ProviderMirror | undefined {
  const match =
    /^(?<folder>.+)\/[^/]+\/hashicorp\/aws\/(?:terraform-provider-aws_)?(?<version>[\d.]+)[/_]/.exec(file);
  const { folder, version } = match?.groups ?? {};
  return folder !== undefined && version !== undefined ? { folder, version } : undefined;
}

function find(places: readonly string[]): string[] {
  try {
    return run('find', [...places, '-name', PROVIDER_FILES, '-not', '-path', '/proc/*'])
      .split('\n')
      .filter((line) => line !== '');
  } catch (error) {
    // find exits with 1 for every folder that it may not read, and has found the others.
    const { stdout } = error as { stdout?: string };
    return (stdout ?? '').split('\n').filter((line) => line !== '');
  }
}

function succeeds(command: string, args: readonly string[]): boolean {
  try {
    run(command, args);
    return true;
  } catch {
    return false;
  }
}

function run(command: string, args: readonly string[]): string {
  return execFileSync(command, args, {
    encoding: 'utf8',
    timeout: SEARCH_TIMEOUT_MS,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}
