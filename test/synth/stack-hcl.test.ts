// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references of Terraform are what is tested
import { Testing } from 'cdktf';
import { parseConfiguration } from '../../infra/config/load-configuration.ts';
import { renderBlock } from '../../infra/hcl/render-block.ts';
import { stackHcl } from '../../infra/hcl/stack-hcl.ts';
import { stackReadme } from '../../infra/hcl/stack-readme.ts';
import { perStep } from '../../infra/steps.ts';
import { TransferStack } from '../../infra/transfer-stack.ts';
import { existingNetwork, partner, type Resource, schedule } from './synthesised.ts';

function stackOf(changes: object): TransferStack {
  const raw = {
    name: 'test',
    region: 'eu-west-1',
    partners: [partner({ schedules: [schedule()] })],
    ...changes,
  };
  return new TransferStack(Testing.app(), parseConfiguration(raw, 'test.json'), {
    packages: perStep((step) => Buffer.from(`package of ${step}`)),
  });
}

const count = (text: string, part: string) => text.split(part).length - 1;

describe.each([
  ['our network', { network: { flowLogs: true }, tags: { team: 'data' } }],
  ['an existing network', { network: { existing: existingNetwork() } }],
  ['Terraform Cloud', { terraformCloud: { organization: 'acme', project: 'Data' } }],
])('the HCL of a stack with %s', (_name, changes) => {
  const stack = stackOf(changes);
  const hcl = stackHcl(stack);
  const json = JSON.parse(JSON.stringify(stack.toTerraform())) as Resource;

  test('has every resource, data source and output of the JSON once, and no other', () => {
    const headers = ['resource', 'data'].flatMap((kind) =>
      Object.entries<Resource>(json[kind]).flatMap(([type, named]) =>
        Object.keys(named).map((name) => `${kind} "${type}" "${name}"`),
      ),
    );
    const outputs = Object.keys(json.output).map((name) => `output "${name}"`);
    for (const header of [...headers, ...outputs])
      expect([header, count(hcl, `${header} {`)]).toEqual([header, 1]);
    expect(hcl.match(/^(resource|data|output) "/gm)).toHaveLength(headers.length + outputs.length);
  });

  test('has no string with a bare quote inside, which is what Terraform refuses', () => {
    for (const line of hcl.split('\n').filter((one) => /= "/.test(one))) {
      const text = line
        .slice(line.indexOf('"'))
        .replace(/\$\{[^}]*\}/g, '')
        .replace(/\\./g, '');
      expect(text).toMatch(/^"[^"]*"( = .*)?,?$|^"[^"]*" = [{[]$/);
    }
  });
});

test('the state of Terraform Cloud is that of the project that the configuration names', () => {
  const hcl = stackHcl(stackOf({ terraformCloud: { organization: 'acme', project: 'Data' } }));
  expect(hcl).toMatch(
    /cloud \{\s+organization = "acme"\s+workspaces \{\s+name = "test"\s+project = "Data"\s+\}/,
  );
});

test('nested blocks, attributes, lists of names and expressions are written as HCL has them', () => {
  const values = {
    '//': { path: 'metadata' },
    for_each: '${toset(["a"])}',
    tags: { Name: 'x', 'cost-centre': '1', 'a b': 'c' },
    rule: [{ id: 'one' }, { id: 'two', filter: [{ prefix: '' }] }],
    depends_on: ['aws_a.b', 'aws_c.d'],
    lifecycle: {
      ignore_changes: ['x'],
      postcondition: [{ condition: '${self.a == "b"}', error_message: 'no' }],
    },
    empty: [],
    missing: null,
  };
  expect(renderBlock('resource "a" "b"', values, { rule: { filter: {} } })).toBe(
    [
      'resource "a" "b" {',
      '  for_each = toset(["a"])',
      '  tags = {',
      '    Name = "x"',
      '    cost-centre = "1"',
      '    "a b" = "c"',
      '  }',
      '  rule {',
      '    id = "one"',
      '  }',
      '  rule {',
      '    id = "two"',
      '    filter {',
      '      prefix = ""',
      '    }',
      '  }',
      '  depends_on = [aws_a.b, aws_c.d]',
      '  lifecycle {',
      '    ignore_changes = [x]',
      '    postcondition {',
      '      condition = self.a == "b"',
      '      error_message = "no"',
      '    }',
      '  }',
      '  empty = []',
      '}',
    ].join('\n'),
  );
});

test('what runs programs on the machine that applies is refused', () => {
  expect(() => renderBlock('resource "a" "b"', { provisioner: [{}] })).toThrow(
    'provisioner cannot be written',
  );
});

test('the README has provider, packages and outputs, and says how the state goes on', () => {
  const readme = stackReadme(stackOf({}), 'test', [{ file: 'assets/a.zip', sha256: 'f00' }]);
  expect(readme).toContain('| `aws` | aws | 6.25.0 |');
  expect(readme).toContain('| `assets/a.zip` | `f00` |');
  expect(readme).toContain('| `addresses_to_allowlist` | Every address that transfers come from |');
  expect(readme).toContain('The state is `../../../terraform.test.tfstate`');
  const inCloud = stackReadme(stackOf({ terraformCloud: { organization: 'acme' } }), 'test', []);
  expect(inCloud).toContain('The state stays in Terraform Cloud.');
});
