import { contactsOf } from '../../../../infra/monitoring/outcome-mails.ts';

const partners = (count: number, contact: string) =>
  Array.from({ length: count }, (_, index) => ({
    name: `partner-${String(index).padStart(2, '0')}`,
    contact,
  }));

test('contacts are in the environment while they have room, and the names always', () => {
  expect(contactsOf([{ name: 'acme', contact: 'Ä' }, { name: 'globex' }])).toBe('{"acme":"Ä","globex":""}');
  const many = JSON.parse(contactsOf(partners(40, 'x'.repeat(60)))) as Record<string, string>;
  expect(Object.keys(many)).toHaveLength(40);
  expect(new Set(Object.values(many))).toEqual(new Set(['']));
});

test('the longest names of a hundred partners fit into the environment of a function', () => {
  const named = Array.from({ length: 100 }, (_, index) => ({
    name: `${'p'.repeat(22)}${index + 100}`.slice(-24),
  }));
  expect(Buffer.byteLength(contactsOf(named))).toBeLessThan(3_200);
});
