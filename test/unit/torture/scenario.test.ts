import { drawScenario } from '../../torture/scenario.ts';
import { SeededRandom } from '../../torture/seeded-random.ts';

const drawn = (seed: string) => {
  const { faults, name, request, server, sizeBytes, content } = drawScenario(seed);
  const [firstBytes] = content();
  return {
    faults: faults.map(({ description }) => description),
    name,
    request,
    server,
    sizeBytes,
    firstBytes,
  };
};

test('a seed draws the same transfer again, and another seed another one', () => {
  expect(drawn('7/3')).toEqual(drawn('7/3'));
  expect(drawn('7/4')).not.toEqual(drawn('7/3'));
});

test('the file has the bytes that it says', () => {
  const { content, sizeBytes } = drawScenario('1/1');
  const sizes = [...content()].map(({ length }) => length);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(sizeBytes);
});

test('200 transfers hold every kind of file and every kind of end', () => {
  const all = Array.from({ length: 200 }, (_, run) => drawScenario(`1/${run + 1}`));
  const told = all.flatMap(({ faults }) => faults.map(({ description }) => description)).join('\n');
  expect(all.some(({ sizeBytes }) => sizeBytes === 0)).toBe(true);
  expect(all.some(({ sizeBytes }) => sizeBytes > 200 * 1024 ** 2)).toBe(true);
  expect(all.some(({ faults }) => faults.length === 0)).toBe(true);
  expect(all.some(({ server }) => server === 'openssh')).toBe(true);
  const kinds = ['reset', 'silence', 'stopped', 'truncate', 'replace', 'host key', 'login', 'if_exists'];
  const wrongEnds = [
    'KiB/s',
    'status',
    'silent address',
    'refused address',
    'size reported',
    'refuses to abort',
  ];
  for (const kind of [...kinds, ...wrongEnds]) expect(told).toContain(kind);
});

test('whole numbers keep to their bounds and reach both', () => {
  const random = new SeededRandom('any');
  const seen = new Set(Array.from({ length: 200 }, () => random.integer(3, 6)));
  expect([...seen].toSorted()).toEqual([3, 4, 5, 6]);
});
