import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { configurationSchema } from '../../infra/config/schema.ts';

const PAGE = readFileSync(path.join(import.meta.dirname, '../../docs/deploying.md'), 'utf8');

interface JsonSchema {
  properties?: Record<string, JsonSchema>;
  items?: JsonSchema;
}

/** Every setting as the page writes it: `network.cidr`, `partners[].host`; not those inside lists of lists. */
function settings(schema: JsonSchema, prefix = ''): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const setting = `${prefix}${name}`;
    if (property.properties !== undefined) return settings(property, `${setting}.`);
    if (property.items?.properties !== undefined && prefix === '')
      return settings(property.items, `${setting}[].`);
    return [setting];
  });
}

const all = settings(z.toJSONSchema(configurationSchema, { io: 'input' }) as JsonSchema).filter(
  (setting) => setting !== '$schema',
);

test('there are settings', () => {
  expect(all).toContain('partners[].hostKeyFingerprints');
});

test.each(all)('docs/deploying.md says what %s does', (setting) => {
  const own = `.${setting.split('.').at(-1)}`;
  const row = PAGE.split('\n').find(
    (line) =>
      line.startsWith('| `') &&
      (line.includes(`\`${setting}\``) ||
        (sectionOf(line) === sectionOf(`| \`${setting}`) && line.includes(`\`${own}\``))),
  );
  expect(row).toBeDefined();
});

/** `terraformCloud` of a row or setting that begins with it. */
function sectionOf(row: string): string {
  return /^\| `([^.`]+)/.exec(row)?.[1] ?? '';
}
