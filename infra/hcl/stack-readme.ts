import type { TerraformStack } from 'cdktf';

interface PackageFile {
  /** Relative to the stack's folder. */
  file: string;
  sha256: string;
}

interface StackJson {
  terraform: {
    required_providers: Readonly<Record<string, { source: string; version: string }>>;
    backend?: Readonly<Record<string, { path?: string }>>;
  };
  resource: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  output: Readonly<Record<string, { description?: string }>>;
}

/** What somebody needs to know who goes on with the HCL and without this project's sources. */
export function stackReadme(stack: TerraformStack, name: string, packages: readonly PackageFile[]): string {
  const { terraform, resource, output } = stack.toTerraform() as StackJson;
  const blocks = Object.values(resource).reduce((sum, named) => sum + Object.keys(named).length, 0);
  const stateFile = terraform.backend?.local?.path;
  const providers = Object.entries(terraform.required_providers).map(
    ([provider, { source, version }]) => `| \`${provider}\` | ${source} | ${version} |`,
  );
  return `# ${name}, as plain Terraform

\`main.tf\` has ${blocks} resource blocks, written by \`npm run hcl\`. It has the addresses and the values of the stack that
\`cdktf deploy\` makes, so that the same state goes on with it:

1. \`terraform init\` in this folder.${
    stateFile === undefined
      ? ' The state stays in Terraform Cloud.'
      : ` The state is \`${stateFile}\`, seen from here; correct \`path\` in the block \`backend\` when you move the folder.`
  }
2. \`terraform plan\` must say "No changes".
3. From then on edit \`main.tf\`. The checks of the configuration, and the rebuilding of the packages, stay behind.

## Providers

| name | source | version |
|--|--|--|
${providers.join('\n')}

Credentials are the provider's usual ones.

## Variables

None: every value is in \`main.tf\`. Partners' credentials are in Secrets Manager and in no file.

## Packages

The functions' code; \`source_code_hash\` of each function is the Base64 of this SHA-256.

| file | SHA-256 |
|--|--|
${packages.map(({ file, sha256 }) => `| \`${file}\` | \`${sha256}\` |`).join('\n')}

## Outputs

| output | what |
|--|--|
${Object.entries(output)
  .map(([key, { description = '' }]) => `| \`${key}\` | ${description} |`)
  .join('\n')}
`;
}
