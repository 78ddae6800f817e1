import { readFileSync } from 'node:fs';
import path from 'node:path';
import { partner, type Resource, schedule, synthesise } from './synthesised.ts';

const PROJECT = path.join(import.meta.dirname, '../..');
const heard = { alerts: { emails: ['on-call@example.com'] } };

/** Terraform Cloud counts what is managed, each member of a for_each. */
function countResources(changes: object): number {
  const ofType = (synthesised: Resource) => Object.values<Resource>(synthesised);
  return Object.values<Resource>(synthesise(changes).json.resource)
    .flatMap(ofType)
    .reduce((sum, resource) => {
      const members = /toset\((\[[^)]*\])\)/.exec(String(resource.for_each ?? ''))?.[1];
      return sum + (members === undefined ? 1 : (JSON.parse(members) as unknown[]).length);
    }, 0);
}

/** Of a partner before one mail told of a fault: 110 resources, 51 of them alarms; 116 and 53 with a schedule. */
test('a partner has a third of the alarms that it had, and little more than half of the resources', () => {
  const others = (changes: object) => [partner({ allowedCidrs: ['198.51.100.0/24'], ...changes })];
  const added = (changes: object) => {
    const named = others({ name: 'globex', ...changes });
    return (
      countResources({ ...heard, partners: [...others({}), ...named] }) -
      countResources({ ...heard, partners: others({}) })
    );
  };
  expect(added({})).toBe(62);
  expect(added({ schedules: [schedule()] })).toBe(67);
});

test("seven partners are below the 500 resources of Terraform Cloud's free tier; four were", () => {
  const partners = Array.from({ length: 7 }, (_, index) =>
    partner({ name: `partner-${'abcdefg'[index]}`, allowedCidrs: ['198.51.100.0/24'] }),
  );
  expect(countResources({ ...heard, partners })).toBeLessThan(500);
});

test('the documents count the resources as Terraform Cloud does', () => {
  const one = countResources({ ...heard, partners: [partner()] });
  const two = countResources({ ...heard, partners: [partner(), partner({ name: 'globex' })] });
  const scheduled = countResources({ ...heard, partners: [partner({ schedules: [schedule()] })] });
  // The test's partner has two ranges, the usual one has one: a security group rule each.
  const aPartner = two - one - 1;
  const withSchedule = aPartner + scheduled - one;
  const shared = one - (two - one);

  const text = readFileSync(path.join(PROJECT, 'docs/deploying.md'), 'utf8').replaceAll('\n', ' ');
  const [sentence] = /The stack has \d+ shared resources[^.]*\./.exec(text) ?? [];
  expect(sentence).toBe(
    `The stack has ${shared} shared resources in two zones, and ${aPartner} a partner with no schedule, ${withSchedule} with one.`,
  );
});

test('the table of what a partner has is what it has', () => {
  const countsOf = (partners: Resource[]) =>
    Object.entries<Resource>(synthesise({ ...heard, partners }).json.resource).map(
      ([type, resources]) => [type, Object.keys(resources).length] as const,
    );
  const other = partner({ name: 'globex', allowedCidrs: ['198.51.100.0/24'] });
  const before = new Map(countsOf([partner()]));
  const added = countsOf([partner(), other])
    .map(([type, count]) => [type, count - (before.get(type) ?? 0)] as const)
    .filter(([, count]) => count > 0);

  const text = readFileSync(path.join(PROJECT, 'docs/deploying.md'), 'utf8');
  const rows = [...text.matchAll(/^\| `(aws_\w+)`[^|]* \| (\d+) \|$/gm)];
  const documented = rows.map(([, type, count]) => [type, Number(count)] as const);
  expect(Object.fromEntries(documented)).toEqual(Object.fromEntries(added));
});
