import { parseConfiguration } from '../../../infra/config/load-configuration.ts';
import { ConfigurationError } from '../../../infra/config/mistakes.ts';
import { folder, partner } from '../../synth/synthesised.ts';

/** Every sentence about the expectations of a configuration with one of them. */
function mistakes(changes: object, folderChanges: object = {}): string[] {
  const expectation = { name: 'orders', path: '/out/orders.csv', by: '06:00', ...changes };
  const raw = {
    name: 'test',
    region: 'eu-west-1',
    partners: [partner({ folders: [folder(folderChanges)], expectations: [expectation] })],
  };
  try {
    parseConfiguration(raw, 'test.json');
    return [];
  } catch (error) {
    if (error instanceof ConfigurationError)
      return error.mistakes.map(({ path, bound }) => `${path}: ${bound}`);
    throw error;
  }
}
const inFolder = (match?: string) => ({
  path: undefined,
  folder: 'daily',
  ...(match !== undefined && { match }),
});

test.each([
  [
    'an unknown zone',
    { timeZone: 'Europe/Berlni' },
    {},
    /timeZone: it must be a time zone of the IANA database/,
  ],
  [
    'a time that is skipped',
    { by: '02:30', timeZone: 'Europe/Berlin' },
    {},
    /by: .* does not exist in Europe\/Berlin on \d{4}-03-\d\d.*Take 01:30 or 03:30/,
  ],
  [
    'a warning that is skipped',
    { warnAt: '02:15', timeZone: 'America/New_York' },
    {},
    /warnAt: .*Take 01:15 or 03:15/,
  ],
  [
    'a folder that is not there',
    { path: undefined, folder: 'dialy' },
    {},
    /folder: it must be one of the partner's folders: daily/,
  ],
  ['both', { folder: 'daily' }, {}, /path: an expectation has either a path/],
  ['neither', { path: undefined }, {}, /path: an expectation has either a path/],
  ['a pattern with a path', { match: '*.csv' }, {}, /match: only files of a folder/],
  ['a pattern below the depth', inFolder('a/*.csv'), {}, /match: it can never match: .*depth of 0/],
  ['a pattern of unfinished names', inFolder('*.part'), {}, /match: it can never match: .*unfinished/],
  [
    'a name that is excluded',
    inFolder('orders.csv'),
    { exclude: ['orders*'] },
    /match: it can never match: .*include and exclude/,
  ],
  [
    'another ending',
    inFolder('*.csv'),
    { include: ['*.xml'] },
    /match: it can never match: the folder includes only \*\.xml/,
  ],
  ['an absolute pattern', inFolder('/a.csv'), {}, /match: it can never match: names are relative/],
  ['a token that does not exist', inFolder('{run:yyyy}.csv'), {}, /match: there is no token \{run:yyyy\}/],
  ['a date format that is none', inFolder('{date:YYYY}.csv'), {}, /match: in \{date:YYYY\}/],
  ['a warning at the time itself', { warnAt: '06:00' }, {}, /warnAt: it must be earlier than by/],
  [
    'a warning before the window opens',
    { warnAt: '04:00', from: '05:00' },
    {},
    /warnAt: it must be later than from/,
  ],
  [
    'dates of two kinds',
    { only: ['2027-01-01'], except: ['2027-01-02'] },
    {},
    /except: only names every date/,
  ],
])('%s is refused', (_name, changes, folderChanges, sentence) => {
  expect(mistakes(changes, folderChanges)).toEqual([expect.stringMatching(sentence)]);
});

test.each([
  ['a fixed path', {}, {}],
  ['a dated name', inFolder('orders-{date:yyyyMMdd}.csv'), {}],
  ['a pattern that overlaps', inFolder('orders*.csv'), { include: ['*.csv', '*.xml'] }],
  ['an expression, which is not judged', inFolder('re:orders-\\d{8}\\.csv'), {}],
  [
    'a skipped time that is not expected on a Sunday',
    { by: '02:30', timeZone: 'Europe/Berlin', days: ['mon'] },
    {},
  ],
  ['a time that exists twice in autumn', { by: '01:30', timeZone: 'America/New_York' }, {}],
])('%s is taken', (_name, changes, folderChanges) => {
  expect(mistakes(changes, folderChanges)).toEqual([]);
});
