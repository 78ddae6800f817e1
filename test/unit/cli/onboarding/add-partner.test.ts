import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { addPartner, type NewPartner } from '../../../../cli/onboarding/add-partner.ts';

const EXAMPLE = readFileSync(join(import.meta.dirname, '../../../../config/example.json'), 'utf8');
const INITECH: NewPartner = {
  name: 'initech',
  host: 'sftp.initech.example',
  port: 2222,
  hostKeyFingerprints: [`SHA256:${'x'.repeat(43)}`],
  allowedCidrs: ['192.0.2.7/32'],
  schedule: { cron: 'cron(30 3 * * ? *)', path: '/outbound/big.zip' },
};

test('the partner comes last, and every line that was there stays as it was', () => {
  const changed = addPartner(EXAMPLE, INITECH, 'example.json');

  const partners = (JSON.parse(changed) as { partners: { name: string }[] }).partners;
  expect(partners.map(({ name }) => name)).toEqual(['acme', 'globex', 'initech']);
  const lines = changed.split('\n');
  const kept = EXAMPLE.trimEnd().split('\n').slice(0, -3);
  expect(lines.slice(0, kept.length)).toEqual(kept);
  expect(changed).toContain(
    '\n      "name": "initech",\n      "host": "sftp.initech.example",\n      "port": 2222,\n',
  );
});

test('line ends and indentation are those of the file', () => {
  const windows = JSON.stringify(JSON.parse(EXAMPLE), null, 4).replaceAll('\n', '\r\n');

  const changed = addPartner(windows, INITECH, 'example.json');

  expect(changed.match(/(?<!\r)\n/)).toBeNull();
  expect(changed).toContain('\r\n            "name": "initech",\r\n');
});

test.each([
  ['a name that is taken', { ...INITECH, name: 'acme' }, 'partners[2].name'],
  ['a host outside its ranges', { ...INITECH, host: '198.51.100.1' }, 'it must be in allowedCidrs'],
  ['no fingerprint', { ...INITECH, hostKeyFingerprints: [''] }, 'a fingerprint as ssh-keygen'],
])('%s is refused with the mistake', (_name, partner, words) => {
  expect(() => addPartner(EXAMPLE, partner, 'example.json')).toThrow(words);
});
