import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SFNClient } from '@aws-sdk/client-sfn';
import type { Emulator } from './emulator.ts';
import { adaptToProvider, synthesise } from './synthesised-stack.ts';
import { Terraform } from './terraform.ts';
import type { Tools } from './tools.ts';

export const REGION = 'eu-central-1';

/** The stack's configuration, as far as the rig looks at it. */
export interface StackConfiguration {
  name: string;
}

/** A stack that Terraform manages in the emulator. */
export class Deployment {
  /** Clients that look at the emulator as an operator would at AWS. */
  readonly s3: S3Client;
  readonly stepFunctions: SFNClient;
  readonly emulator: Emulator;
  readonly #lambda: LambdaClient;
  readonly #secretsManager: SecretsManagerClient;
  readonly #tools: Tools;
  readonly #folder: string;

  readonly #region: string;

  /** @param folder receives the synthesised stack and its state */
  constructor(tools: Tools, emulator: Emulator, folder: string, region = REGION) {
    this.#tools = tools;
    this.#folder = folder;
    this.#region = region;
    this.emulator = emulator;
    const access = {
      endpoint: emulator.endpoint,
      region,
      credentials: { accessKeyId: 'emulated', secretAccessKey: 'emulated' },
    };
    // moto shows wrong CRC64NVMEs, which the SDK would refuse; the tests compare SHA-256s of what they read.
    this.s3 = new S3Client({ ...access, forcePathStyle: true, responseChecksumValidation: 'WHEN_REQUIRED' });
    this.stepFunctions = new SFNClient(access);
    this.#lambda = new LambdaClient(access);
    this.#secretsManager = new SecretsManagerClient(access);
  }

  /**
   * Synthesises the stack by `main.ts`; Terraform then stands ready on it, with the state of earlier applies.
   * @param project another version of this one
   */
  async synthesise(configuration: StackConfiguration, project?: string): Promise<Terraform> {
    const stackFolder = await synthesise(configuration, this.#folder, project);
    adaptToProvider(stackFolder, this.#tools.provider);
    const terraform = new Terraform(this.#tools, {
      workFolder: this.#folder,
      stackFolder,
      endpoint: this.emulator.endpoint,
      region: this.#region,
    });
    await terraform.init();
    return terraform;
  }

  /** What an operator does after the first apply. */
  async putSecret(name: string, value: Readonly<Record<string, string>>): Promise<void> {
    await this.#secretsManager.send(
      new PutSecretValueCommand({ SecretId: name, SecretString: JSON.stringify(value) }),
    );
  }

  /** Calls a function as EventBridge does, but waits for what it returns. @throws Error with what it threw */
  async invoke(functionName: string, event: object): Promise<unknown> {
    const { FunctionError, Payload } = await this.#lambda.send(
      new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(event) }),
    );
    const answer = Buffer.from(Payload ?? []).toString();
    if (FunctionError !== undefined) throw new Error(answer);
    return JSON.parse(answer);
  }

  close(): void {
    this.#lambda.destroy();
    this.s3.destroy();
    this.stepFunctions.destroy();
    this.#secretsManager.destroy();
  }
}
