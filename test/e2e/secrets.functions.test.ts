import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ChunkPlan, PlannedTransfer } from '../../transfer/contracts.ts';
import { createUpload, EXECUTION_ARN, metadataEvent, SECRET_ARN } from '../faults/support/functions.ts';
import { collectOutput, type FunctionsOutput, type Invoke } from '../faults/support/functions-output.ts';
import { type PartnerRig, withPartner } from '../faults/support/partner-rig.ts';
import { BUCKET } from '../support/s3/landing-store.ts';
import { findSecrets } from '../support/secret-forms.ts';
import { keyThenPassword, type LoginBehaviour, questionOnly } from '../support/sftp/faulty-login.ts';
import {
  AWS_SECRETS,
  EARLIER_PASSWORD,
  key,
  PASSPHRASE,
  PASSWORD,
  plainKey,
  SECRETS,
  WRONG_PASSPHRASE,
  WRONG_PASSWORD,
} from '../support/sftp/login-secrets.ts';
import { USERNAME } from '../support/sftp/partner.ts';
import { MIB } from '../support/transfer-rig.ts';

/**
 * Everything that comes out of the deployed functions (logs at their most talkative, metrics, traces, payloads, errors)
 * is searched for everything that they were given to log in with.
 */

const FILE = 'Übersicht 1.bin';
const SIZE_BYTES = 6 * MIB;
const PROVED = { Username: USERNAME, Password: PASSWORD };
const KEY = { Username: USERNAME, PrivateKey: key.private, PrivateKeyPassphrase: PASSPHRASE };

/** Runs `use` on functions whose secret has these versions, the present one first, and returns what came out. */
async function collect(
  secretVersions: readonly (string | object)[],
  use: (invoke: Invoke, rig: PartnerRig) => Promise<void>,
  login?: LoginBehaviour,
): Promise<FunctionsOutput> {
  const versions = secretVersions.map((secret, index) => ({
    versionId: `version-${secretVersions.length - index}`,
    text: typeof secret === 'string' ? secret : JSON.stringify(secret),
  }));
  const { promise: output, resolve } = Promise.withResolvers<FunctionsOutput>();
  await withPartner(
    async (rig) => {
      await rig.put(FILE, SIZE_BYTES);
      const collected = await collectOutput(rig, AWS_SECRETS, async (invoke, { aws }) => {
        aws.secrets.set(SECRET_ARN, versions);
        await use(invoke, rig);
      });
      resolve(collected);
    },
    {
      faults: login === undefined ? {} : { login },
      server: { password: PASSWORD, publicKey: key.public },
    },
  );
  return output;
}

function secretsIn(output: FunctionsOutput): string[] {
  return Object.entries(output).flatMap(([where, written]) =>
    findSecrets(SECRETS, [written].flat().join('\n')).map((found) => `${where}: ${found}`),
  );
}

const request = metadataEvent({ sftp_file_path: `/${FILE}` });

/** All steps, as the workflow does them. */
async function transfer(invoke: Invoke, rig: PartnerRig): Promise<void> {
  const { file, plan, upload_id } = await startUpload(invoke, rig);
  const upload = { execution_id: EXECUTION_ARN, upload_id };
  const { chunk_count, chunk_size_bytes, segments } = plan;
  for (const segment of segments) {
    await invoke('download-segment', { ...upload, file, chunk_size_bytes, segment });
  }
  await invoke('complete-upload', { ...upload, file, chunk_count, chunk_size_bytes });
  await invoke('abort-upload', { ...upload, bucket: BUCKET, key: file.key });
}

async function startUpload(invoke: Invoke, rig: PartnerRig) {
  const file = (await invoke('get-file-metadata', request)) as PlannedTransfer;
  const planning = { execution_id: EXECUTION_ARN, file };
  const plan = (await invoke('create-file-chunks', planning)) as ChunkPlan;
  return { file, plan, upload_id: await createUpload(rig, file) };
}

test.each<[string, object, LoginBehaviour | undefined]>([
  ['a password', PROVED, undefined],
  ['the answer to a question', PROVED, questionOnly],
  ['an encrypted key', KEY, undefined],
  ['a key, then a password', { ...KEY, ...PROVED }, keyThenPassword],
])('all steps of a transfer, by %s', async (_name, secret, login) => {
  const output = await collect([secret], transfer, login);

  expect(output.errors).toEqual([]);
  expect(output.payloads).toHaveLength(12);
  expect(output.payloads.at(-3)).toContain('"checksum_crc64nvme"');
  expect(output.logs).toContain(`"path":"/${FILE}"`);
  expect(output.logs).toContain('"BytesTransferred"');
  expect(output.traces).toContain('"## download-segment"');
  expect(output.traces).toContain('"sftp.connect"');
  expect(secretsIn(output)).toEqual([]);
});

interface Refusal {
  secrets: (string | object)[];
  error: string;
  /** What the error has to say. */
  told: string;
}

const INVALID = 'InvalidTransferRequestError';
const REFUSED = 'SftpAuthenticationError';

const REFUSALS: Record<string, Refusal> = {
  'a wrong password': { secrets: [{ ...PROVED, Password: WRONG_PASSWORD }], error: REFUSED, told: 'refused' },
  'a wrong password, and a wrong one before it': {
    secrets: [
      { ...PROVED, Password: WRONG_PASSWORD },
      { ...PROVED, Password: EARLIER_PASSWORD },
    ],
    error: REFUSED,
    told: 'refused',
  },
  'a wrong password, and an unusable secret before it': {
    secrets: [{ ...PROVED, Password: WRONG_PASSWORD }, `Password=${EARLIER_PASSWORD}`],
    error: REFUSED,
    told: 'refused',
  },
  'a wrong key, and a wrong password': {
    secrets: [{ ...PROVED, Password: WRONG_PASSWORD, PrivateKey: plainKey.private }],
    error: REFUSED,
    told: 'tried: publickey, then password',
  },
  'a wrong passphrase': {
    secrets: [{ ...KEY, PrivateKeyPassphrase: WRONG_PASSPHRASE }],
    error: INVALID,
    told: 'its passphrase does not fit',
  },
  'a key that is garbage': {
    secrets: [{ ...KEY, PrivateKey: `-----BEGIN RSA PRIVATE KEY-----\n${PASSWORD}\n` }],
    error: INVALID,
    told: 'it is cut off or damaged',
  },
  'a key that lost its last lines': {
    secrets: [{ ...KEY, PrivateKey: key.private.slice(0, -60) }],
    error: INVALID,
    told: 'it is cut off or damaged',
  },
  'no JSON': { secrets: [`Password=${PASSWORD}`], error: INVALID, told: 'it must be JSON' },
  'JSON that breaks off': {
    secrets: [JSON.stringify({ ...KEY, ...PROVED }).slice(0, -1)],
    error: INVALID,
    told: 'it must be JSON',
  },
  'JSON with a comma too many': {
    secrets: [`${JSON.stringify({ ...KEY, ...PROVED }).slice(0, -1)},}`],
    error: INVALID,
    told: 'it must be JSON',
  },
  'JSON without quotes': { secrets: [`{"Password":${PASSWORD}}`], error: INVALID, told: 'it must be JSON' },
  'the password alone, as JSON': { secrets: [JSON.stringify(PASSWORD)], error: INVALID, told: 'the JSON of' },
  'a list of passwords': { secrets: [{ ...PROVED, Password: [PASSWORD] }], error: INVALID, told: 'Password' },
  'a password in the place of a name': {
    secrets: [{ [PASSWORD]: USERNAME }],
    error: INVALID,
    told: 'Username',
  },
};

const CHECK = { check: { path: `/${FILE}` } };

test.each(Object.entries(REFUSALS))('%s', async (_name, { secrets, error, told }) => {
  const output = await collect(secrets, async (invoke) => {
    await expect(invoke('get-file-metadata', request)).rejects.toThrow(
      expect.objectContaining({ name: error }),
    );
    await expect(invoke('get-file-metadata', CHECK)).resolves.toMatchObject({ failure: { error } });
  });

  expect(output.errors.join()).toContain(told);
  expect(output.payloads.at(-1)).toContain(told);
  expect(output.logs).toContain(`"${error}":1`);
  expect(output.logs).toContain(told);
  expect(output.traces).toContain(told);
  expect(secretsIn(output)).toEqual([]);
});

test('a check of a healthy server', async () => {
  const output = await collect([{ ...KEY, ...PROVED }], async (invoke) => {
    await expect(invoke('get-file-metadata', CHECK)).resolves.toMatchObject({ status: 'HEALTHY' });
  });

  expect(output.payloads.at(-1)).toContain('"private key","password"');
  expect(output.logs).toContain('server checked');
  expect(secretsIn(output)).toEqual([]);
});

test('a host key that is not pinned', async () => {
  const output = await collect([{ ...KEY, ...PROVED }], async (invoke, rig) => {
    rig.server.faults.hostKeyFor = () => plainKey.private;
    await expect(invoke('get-file-metadata', request)).rejects.toThrow('is not pinned');
  });

  expect(output.logs).toContain('"HostKeyMismatchError":1');
  expect(output.traces).toContain('is not pinned');
  expect(secretsIn(output)).toEqual([]);
});

test('a chunk that fails, and the abort after it', async () => {
  const output = await collect([PROVED], async (invoke, rig) => {
    const { file, plan, upload_id } = await startUpload(invoke, rig);
    const upload = { execution_id: EXECUTION_ARN, upload_id };
    const { chunk_size_bytes, segments } = plan;
    rig.server.faults.midTransfer = [{ afterBytes: MIB, what: 'truncate', toBytes: MIB }];
    const event = { ...upload, file, chunk_size_bytes, segment: segments[0] };
    await expect(invoke('download-segment', event)).rejects.toThrow(
      expect.objectContaining({ name: 'SourceChangedError' }),
    );
    await invoke('abort-upload', { ...upload, bucket: BUCKET, key: file.key });
  });

  expect(output.logs).toContain('"SourceChangedError":1');
  expect(output.traces).toContain('"## download-segment"');
  expect(secretsIn(output)).toEqual([]);
});

describe('an answer of Secrets Manager that cannot be used', () => {
  const answer = JSON.stringify({ SecretString: JSON.stringify({ ...KEY, ...PROVED }) });
  test.each([
    ['breaks off', 200, answer.slice(0, 100)],
    ['has a secret in the wrong place', 200, `{"SecretString":${PASSWORD}}`],
    ['has more behind it', 200, `${answer}${PASSWORD}`],
    [
      'is a failure that quotes it',
      400,
      JSON.stringify({ __type: 'Odd', message: 'no', SecretString: PASSWORD }),
    ],
  ])('%s', async (_name, status, body) => {
    const server = createServer((_request, response) => response.writeHead(status).end(body));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const output = await collect([], async (invoke) => {
        const { port } = server.address() as AddressInfo;
        process.env.AWS_ENDPOINT_URL_SECRETS_MANAGER = `http://127.0.0.1:${port}`;
        await expect(invoke('get-file-metadata', request)).rejects.toThrow('the secret');
      });

      expect(output.logs).toContain('step failed');
      expect(secretsIn(output)).toEqual([]);
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });
});
