import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Tools } from './tools.ts';

/** One resource in a plan, as `terraform show -json` has it. */
export interface PlannedChange {
  address: string;
  type: string;
  /** As `['create']`, `['update']`, `['delete', 'create']`; `['no-op']` ones are left out. */
  actions: string[];
}

export class TerraformFailure extends Error {
  override readonly name = 'TerraformFailure';
}

/** Whose calls Terraform's are, in the emulator's record. */
export const TERRAFORM_NAME = 'terraform';

/** Twenty partners take more than ten minutes on two cores. */
const COMMAND_TIMEOUT_MS = 2_400_000;
const MAX_OUTPUT_BYTES = 64 * 1024 ** 2;
const PLAN_FILE = 'tfplan';

/** The real Terraform, with the provider from a local mirror, talking to an emulator. */
export class Terraform {
  readonly #binary: string;
  readonly #folder: string;
  readonly #environment: NodeJS.ProcessEnv;
  /** Whether there is a plan that was not applied. */
  #isPlanned = false;

  /**
   * @param workFolder receives Terraform's own configuration file
   * @param stackFolder holds cdk.tf.json
   */
  constructor(
    tools: Tools,
    options: { workFolder: string; stackFolder: string; endpoint: string; region: string },
  ) {
    const configurationFile = path.join(options.workFolder, 'terraform.rc');
    const mirror = JSON.stringify(tools.provider.folder);
    writeFileSync(
      configurationFile,
      `provider_installation {\n  filesystem_mirror { path = ${mirror} }\n}\n`,
    );
    this.#binary = tools.terraform;
    this.#folder = options.stackFolder;
    this.#environment = {
      PATH: process.env.PATH,
      HOME: options.workFolder,
      TF_CLI_CONFIG_FILE: configurationFile,
      TF_IN_AUTOMATION: '1',
      TF_INPUT: '0',
      CHECKPOINT_DISABLE: '1',
      AWS_ENDPOINT_URL: options.endpoint,
      AWS_REGION: options.region,
      AWS_ACCESS_KEY_ID: TERRAFORM_NAME,
      AWS_SECRET_ACCESS_KEY: 'emulated',
    };
  }

  async init(): Promise<void> {
    await this.#run('init', '-reconfigure');
  }

  /** @throws TerraformFailure with what Terraform says is wrong */
  async validate(): Promise<void> {
    await this.#run('validate');
  }

  /** Everything that an apply would change. @throws TerraformFailure when there can be no plan */
  async plan(): Promise<PlannedChange[]> {
    await this.#run('plan', `-out=${PLAN_FILE}`);
    this.#isPlanned = true;
    const shown = JSON.parse(await this.#run('show', '-json', PLAN_FILE)) as {
      resource_changes?: { address: string; type: string; change: { actions: string[] } }[];
    };
    return (shown.resource_changes ?? [])
      .map(({ address, type, change }) => ({ address, type, actions: change.actions }))
      .filter(({ actions }) => actions.join() !== 'no-op' && actions.join() !== 'read');
  }

  /** Applies what was planned last; without a plan, the stack as it stands in the folder. */
  async apply(): Promise<void> {
    const planned = this.#isPlanned ? [PLAN_FILE] : [];
    this.#isPlanned = false;
    await this.#run('apply', '-auto-approve', '-parallelism=30', ...planned);
  }

  async destroy(): Promise<void> {
    await this.#run('destroy', '-auto-approve', '-parallelism=30');
  }

  /** Every resource that Terraform manages, as its state has it. */
  async resources(): Promise<{ type: string; values: Record<string, unknown> }[]> {
    const shown = JSON.parse(await this.#run('show', '-json')) as {
      values?: { root_module: { resources: { type: string; values: Record<string, unknown> }[] } };
    };
    return shown.values?.root_module.resources ?? [];
  }

  async outputs(): Promise<Record<string, unknown>> {
    const outputs = JSON.parse(await this.#run('output', '-json')) as Record<string, { value: unknown }>;
    return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));
  }

  #run(command: string, ...args: string[]): Promise<string> {
    const options = {
      cwd: this.#folder,
      env: this.#environment,
      timeout: COMMAND_TIMEOUT_MS,
      maxBuffer: MAX_OUTPUT_BYTES,
    };
    const colour = command === 'output' || command === 'show' ? [] : ['-no-color'];
    return new Promise((resolve, reject) => {
      execFile(this.#binary, [command, ...colour, ...args], options, (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else
          reject(new TerraformFailure(`terraform ${command}: ${stderr || error.message}`, { cause: error }));
      });
    });
  }
}
