/** Written by the tool for itself, beside every block. */
const METADATA = '//';
/** Each release of the bindings pins another one: `~> 6.25` may be overridden, see docs/adr/0006. */
const PROVIDER_VERSION = 'terraform.required_providers.aws.version';

const PROVIDER_SOURCE = 'terraform.required_providers.aws.source';

/** Terraform takes a name without a namespace for one of HashiCorp's. */
function fullSource(source: unknown): string {
  return String(source).includes('/') ? String(source) : `hashicorp/${source}`;
}

/** Where two synthesised stacks differ, as `path: one | other`; metadata and the provider's version are passed over. */
export function differences(one: unknown, other: unknown, path = ''): string[] {
  if (path === PROVIDER_VERSION) return [];
  if (path === PROVIDER_SOURCE) return differences(fullSource(one), fullSource(other), `${path} `);
  if (isObject(one) && isObject(other)) {
    const names = [...new Set([...Object.keys(one), ...Object.keys(other)])].filter(
      (name) => name !== METADATA,
    );
    return names.flatMap((name) =>
      differences(one[name], other[name], path === '' ? name : `${path}.${name}`),
    );
  }
  return JSON.stringify(one) === JSON.stringify(other) ? [] : [`${path}: ${shown(one)} | ${shown(other)}`];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function shown(value: unknown): string {
  return (JSON.stringify(value) ?? 'missing').slice(0, 120);
}
