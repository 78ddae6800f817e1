import { type AuditAnswer, judgeAudit } from '../../../scripts/judge-audit.ts';

const advisory = (severity: string, id = 'GHSA-1') => ({
  title: 'Reads too far',
  url: `https://advisories.test/${id}`,
  severity,
});
const found = (...via: (string | ReturnType<typeof advisory>)[]): AuditAnswer => ({
  vulnerabilities: { left: { via }, 'depends-on-left': { via: ['left'] } },
});
const ACCEPTED = { 'GHSA-1': 'only its server is concerned' };

test.each<[string, AuditAnswer, boolean, string[]]>([
  ['nothing known', { vulnerabilities: {} }, true, ['0 known advisories, 0 of them high or critical']],
  ['moderate', found(advisory('moderate')), true, ['1 known advisories, 0 of them high or critical']],
  [
    'high',
    found(advisory('low'), advisory('high', 'GHSA-2')),
    false,
    [
      '2 known advisories, 1 of them high or critical',
      'left: high: Reads too far https://advisories.test/GHSA-2',
    ],
  ],
  [
    'critical, but accepted',
    found(advisory('critical')),
    true,
    [
      '1 known advisories, 1 of them high or critical',
      'left: critical: Reads too far https://advisories.test/GHSA-1 (accepted: only its server is concerned)',
    ],
  ],
  [
    'a registry without advisories',
    { statusCode: 405, message: '405 Method Not Allowed' },
    true,
    ['Known advisories were not checked: this registry does not serve them (HTTP 405)'],
  ],
  [
    'a registry that fails',
    { statusCode: 503, message: '503 Service Unavailable' },
    false,
    ['Known advisories were not checked: 503 Service Unavailable'],
  ],
  [
    'no registry',
    { message: 'getaddrinfo ENOTFOUND' },
    false,
    ['Known advisories were not checked: getaddrinfo ENOTFOUND'],
  ],
])('%s', (_name, answer, passed, lines) => {
  expect(judgeAudit(answer, ACCEPTED)).toEqual({ passed, lines });
});

test('no advisory is accepted by default', () => {
  expect(judgeAudit(found(advisory('high'))).passed).toBe(false);
});
