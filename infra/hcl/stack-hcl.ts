import { TerraformElement, type TerraformStack } from 'cdktf';
import { renderBlock, type Shape } from './render-block.ts';

type Values = Readonly<Record<string, unknown>>;
type ByType = Readonly<Record<string, Readonly<Record<string, Values>>>>;

/** cdk.tf.json, as far as this stack fills it. */
interface StackJson {
  terraform: { required_providers: Values; backend?: Readonly<Record<string, Values>>; cloud?: Values };
  provider: Readonly<Record<string, readonly Values[]>>;
  data?: ByType;
  resource: ByType;
  moved?: readonly Values[];
  output: Readonly<Record<string, Values>>;
}

const KINDS = ['data', 'resource'] as const;

/**
 * The stack as HCL: what is in its JSON, by the constructs' own word on which objects are nested blocks.
 *
 * CDKTF's `--hcl` is not used: it leaves the quotes in strings that hold a reference as they are (every policy, the
 * workflow, the dashboard), and writes conditions of `lifecycle` as a list, so that Terraform refuses its output.
 */
export function stackHcl(stack: TerraformStack): string {
  const json = JSON.parse(JSON.stringify(stack.toTerraform())) as StackJson;
  const shapes = shapesOf(stack);
  const blocks = [
    renderSettings(json),
    ...Object.entries(json.provider).flatMap(([name, instances]) =>
      instances.map((values) => renderBlock(`provider "${name}"`, values, shapes[`provider.${name}`])),
    ),
    ...KINDS.flatMap((kind) =>
      Object.entries(json[kind] ?? {}).flatMap(([type, named]) =>
        Object.entries(named).map(([name, values]) =>
          renderBlock(`${kind} "${type}" "${name}"`, values, shapes[`${kind}.${type}.${name}`]),
        ),
      ),
    ),
    ...(json.moved ?? []).map(({ from, to }) => `moved {\n  from = ${from}\n  to   = ${to}\n}`),
    ...Object.entries(json.output).map(([name, values]) => renderBlock(`output "${name}"`, values)),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function renderSettings({ terraform }: StackJson): string {
  const { backend = {}, ...rest } = terraform;
  const backends = Object.entries(backend).map(([type, values]) => [`backend "${type}"`, values] as const);
  const shape = {
    required_providers: {},
    cloud: { workspaces: {} },
    ...Object.fromEntries(backends.map(([header]) => [header, {}])),
  };
  return renderBlock('terraform', { ...rest, ...Object.fromEntries(backends) }, shape);
}

/** By `resource.<type>.<name>`, `data.<type>.<name>` or `provider.<name>`. */
function shapesOf(stack: TerraformStack): Readonly<Record<string, Shape>> {
  const shapes: Record<string, Shape> = {};
  for (const node of stack.node.findAll()) {
    if (!TerraformElement.isTerraformElement(node) || node === (stack as unknown)) continue;
    const described = node.toHclTerraform() as Partial<Pick<StackJson, 'data' | 'resource' | 'provider'>>;
    for (const kind of KINDS) {
      for (const [type, named] of Object.entries(described[kind] ?? {})) {
        for (const [name, values] of Object.entries(named))
          shapes[`${kind}.${type}.${name}`] = shapeOf(values);
      }
    }
    for (const [name, [values]] of Object.entries(described.provider ?? {})) {
      shapes[`provider.${name}`] = shapeOf(values ?? {});
    }
  }
  return shapes;
}

/** An attribute as constructs describe it for HCL. */
interface Described {
  value: unknown;
  isBlock?: boolean;
  /** The same, as providers have it. */
  is_block?: boolean;
}

function shapeOf(values: Values): Shape {
  return Object.fromEntries(
    Object.entries(values)
      .filter((entry): entry is [string, Described] => isBlock(entry[1]))
      .map(([name, { value }]) => [name, shapeOf(membersOf(value))]),
  );
}

/** The attributes that any member of a list of blocks has. */
function membersOf(value: unknown): Values {
  return Array.isArray(value) ? Object.assign({}, ...value) : (value as Values);
}

function isBlock(described: unknown): described is Described {
  if (typeof described !== 'object' || described === null) return false;
  const { isBlock: ofResource, is_block: ofProvider } = described as Described;
  return ofResource === true || ofProvider === true;
}
