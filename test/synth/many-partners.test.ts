import { partner, type Resource, type Synthesised, synthesise } from './synthesised.ts';

const NAMES = Array.from({ length: 20 }, (_, index) => `partner-${String.fromCharCode(97 + index)}`);
const REMOVED = 'partner-j';

const withPartners = (names: readonly string[], region = 'eu-west-1') =>
  synthesise({ region, partners: names.map((name) => partner({ name })) });

/** Every resource by its address. */
const byAddress = ({ json }: Synthesised): ReadonlyMap<string, Resource> =>
  new Map(
    Object.entries<Resource>(json.resource).flatMap(([type, named]) =>
      Object.entries<Resource>(named).map(([name, values]) => [`${type}.${name}`, values] as const),
    ),
  );

const startedMs = performance.now();
const all = withPartners(NAMES);
const seconds = (performance.now() - startedMs) / 1_000;

test('twenty partners are one stack', () => {
  const perPartner = NAMES.map(
    (name) => [...byAddress(all).keys()].filter((address) => address.includes(`${name}_`)).length,
  );
  process.stderr.write(
    `twenty partners: ${byAddress(all).size} resource blocks in ${seconds.toFixed(1)} s, ` +
      `${Math.round(process.memoryUsage().rss / 1024 ** 2)} MiB\n`,
  );
  expect(new Set(perPartner).size).toBe(1);
  expect(perPartner[0]).toBeGreaterThan(50);
});

test("without one of them, that partner's resources are gone, and only what is a list of all is changed", () => {
  const before = byAddress(all);
  const after = byAddress(withPartners(NAMES.filter((name) => name !== REMOVED)));

  const gone = [...before.keys()].filter((address) => !after.has(address));
  expect(gone.length).toBeGreaterThan(50);
  for (const address of gone) expect(address).toContain(`${REMOVED}_`);
  expect([...after.keys()].filter((address) => !before.has(address))).toEqual([]);

  const changed = [...after.entries()]
    .filter(([address, values]) => JSON.stringify(values) !== JSON.stringify(before.get(address)))
    .map(([address]) => address.replace(/_[0-9A-F]{8}$/, ''))
    .sort();
  expect(changed).toEqual([
    'aws_cloudwatch_dashboard.dashboard',
    // It knows whom to write to at each partner.
    'aws_lambda_function.outcome-mails_notify-outcome_function',
    // Its policy names the secrets that may be read through it.
    'aws_vpc_endpoint.endpoints_secrets-manager',
  ]);
});

test('the order of the partners changes nothing but the dashboard and that list', () => {
  const before = byAddress(withPartners(NAMES.slice(0, 3)));
  const after = byAddress(withPartners(NAMES.slice(0, 3).reverse()));
  const changed = [...after.entries()]
    .filter(([address, values]) => JSON.stringify(values) !== JSON.stringify(before.get(address)))
    .map(([address]) => address.replace(/_[0-9A-F]{8}$/, ''))
    .sort();
  expect(changed).toEqual([
    'aws_cloudwatch_dashboard.dashboard',
    'aws_lambda_function.outcome-mails_notify-outcome_function',
    'aws_vpc_endpoint.endpoints_secrets-manager',
  ]);
});

test('a second region is a stack of its own, with nothing of the first in it', () => {
  const text = JSON.stringify(withPartners(NAMES.slice(0, 2), 'us-east-1').json);
  expect(text).not.toContain('eu-west-1');
});
