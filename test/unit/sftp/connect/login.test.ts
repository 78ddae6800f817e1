import ssh2, { type AnyAuthMethod, type AuthenticationType, type ParsedKey } from 'ssh2';
import { generateKeyPair } from '../../../../local/sftp-server/host-key.ts';
import { Login } from '../../../../sftp/connect/login.ts';

const privateKey = ssh2.utils.parseKey(generateKeyPair().private) as ParsedKey;
const credentials = { username: 'partner', password: 'secret', privateKey };
const keyOnly = { ...credentials, password: undefined };
const passwordOnly = { ...credentials, privateKey: undefined };
const signatureFacts = () => ({ serverSignatures: undefined, hostKeyAlgorithms: [], legacyAlgorithms: [] });

/** What the server accepts, in answer to each try; and the methods that are tried. */
const cases: [string, typeof credentials | typeof passwordOnly, string[], string[]][] = [
  ['the key, when the server takes keys', credentials, ['publickey'], ['publickey']],
  ['the key before the password', credentials, ['password,publickey', 'password'], ['publickey', 'password']],
  ['the password, when the server takes no keys', credentials, ['password'], ['password']],
  ['the answer to a question', passwordOnly, ['keyboard-interactive'], ['keyboard-interactive']],
  [
    'the password and not the question too',
    passwordOnly,
    ['password,keyboard-interactive', 'password,keyboard-interactive'],
    ['password'],
  ],
  [
    'the key and then the question',
    credentials,
    ['publickey', 'keyboard-interactive'],
    ['publickey', 'keyboard-interactive'],
  ],
  ['the password and then the key', credentials, ['password', 'publickey'], ['password', 'publickey']],
  ['each method once', credentials, ['publickey', 'publickey', 'publickey'], ['publickey']],
  ['nothing that the server does not take', credentials, ['hostbased,gssapi-with-mic'], []],
  ['nothing when the server takes nothing', credentials, [''], []],
];

test.each(cases)('tries %s', (_case, given, answers, expected) => {
  const login = new Login(given, () => {}, signatureFacts);
  expect(login.next(null)).toEqual({ type: 'none', username: 'partner' });
  const tried: string[] = [];
  for (const accepted of answers) {
    const method = login.next(accepted.split(',').filter(Boolean) as AuthenticationType[]);
    if (method !== false) tried.push(method.type);
  }
  expect(tried).toEqual(expected);
  expect(login.tried).toEqual(expected);
});

test('a key alone is tried at once, and a password that it does not have never', () => {
  const login = new Login(keyOnly, () => {}, signatureFacts);
  expect(login.next(null)).toMatchObject({ type: 'publickey', username: 'partner' });
  expect(login.next(['password', 'publickey'])).toBe(false);
  expect(login).toMatchObject({ refused: true, accepted: ['password', 'publickey'], tried: ['publickey'] });
});

test('knows when it was refused, and what the server takes', () => {
  const login = new Login(passwordOnly, () => {}, signatureFacts);
  login.next(null);
  login.next(['publickey', 'password']);
  expect(login.refused).toBe(false);
  expect(login.next(['publickey', 'password'])).toBe(false);
  expect(login).toMatchObject({ refused: true, accepted: ['publickey', 'password'], tried: ['password'] });
});

describe('answers questions', () => {
  const ask = (prompts: string[], times = 1) => {
    const unanswerable: string[][] = [];
    const answers: string[][] = [];
    const login = new Login(passwordOnly, (asked) => unanswerable.push(asked), signatureFacts);
    login.next(null);
    const method = login.next(['keyboard-interactive']) as AnyAuthMethod & { type: 'keyboard-interactive' };
    for (let time = 0; time < times; time += 1) {
      method.prompt(
        '',
        '',
        '',
        prompts.map((prompt) => ({ prompt })),
        (answer) => answers.push(answer),
      );
    }
    return { answers, unanswerable };
  };
  test('one with the password', () => {
    expect(ask(['Password: '])).toEqual({ answers: [['secret']], unanswerable: [] });
  });
  test('a second one not at all', () => {
    expect(ask(['Password: '], 2)).toEqual({ answers: [['secret']], unanswerable: [['Password:']] });
  });
  test('two at once not at all', () => {
    expect(ask(['Password: ', 'Code: '])).toEqual({ answers: [], unanswerable: [['Password:', 'Code:']] });
  });
});
