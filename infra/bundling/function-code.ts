import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { App, AssetType, TerraformAsset } from 'cdktf';
import { Construct } from 'constructs';
import type { AnyFunction } from '../steps.ts';
import { bundleFunctions } from './bundle-functions.ts';

/** A deployment package inside the stack's folder, as `aws_lambda_function` wants it. */
export interface FunctionCode {
  /** Relative to the stack's folder, so that Terraform Cloud finds it too. */
  filename: string;
  /** Base64 of the SHA-256: Lambda's own measure of whether the code changed. */
  sourceCodeHash: string;
}

/** The deployment packages of steps: one each, shared by all partners. */
export class FunctionPackages<Step extends AnyFunction> extends Construct {
  public readonly code: Readonly<Record<Step, FunctionCode>>;

  /** @param packages made from `lambdas/` unless given */
  constructor(
    scope: Construct,
    id: string,
    steps: readonly Step[],
    packages: Readonly<Record<Step, Uint8Array>> = bundleFunctions(steps),
  ) {
    super(scope, id);
    const code = steps.map((step) => [step, this.addPackage(step, packages[step])]);
    this.code = Object.fromEntries(code) as Record<Step, FunctionCode>;
  }

  private addPackage(step: Step, bytes: Uint8Array): FunctionCode {
    const folder = path.resolve(App.of(this).outdir, 'packages');
    const file = path.join(folder, `${step}.zip`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, bytes);
    const digest = createHash('sha256').update(bytes);
    const asset = new TerraformAsset(this, step, {
      path: file,
      type: AssetType.FILE,
      assetHash: digest.copy().digest('hex').slice(0, 32),
    });
    return { filename: asset.path, sourceCodeHash: digest.digest('base64') };
  }
}
