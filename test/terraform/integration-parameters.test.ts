import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describeUnless } from '../support/optional-suite.ts';
import { findTools } from './rig/tools.ts';

const { tools, missing } = findTools();

const DEFINITIONS = path.join(import.meta.dirname, '../../statemachine');
const VALIDATOR = path.join(import.meta.dirname, 'emulator/integration_parameters.py');

interface Verdict {
  /** Names of the states that call an AWS API themselves. */
  checked: string[];
  objections: string[];
}

/**
 * Step Functions checks the parameters of an SDK integration when a state runs: a wrong name is found by the first
 * transfer. The emulator does not check them at all. AWS's models, which botocore ships, know them.
 */
describeUnless(missing, "parameters of SDK integrations, by AWS's own models", () => {
  const validate = (definition: object): Verdict =>
    JSON.parse(
      execFileSync(tools?.python ?? '', [VALIDATOR], {
        input: JSON.stringify(definition),
        encoding: 'utf8',
        timeout: 60_000,
      }),
    );
  const definitions = readdirSync(DEFINITIONS).filter((name) => name.endsWith('.asl.json'));
  const read = (name: string) => JSON.parse(readFileSync(path.join(DEFINITIONS, name), 'utf8'));

  test.each(definitions)('%s', (name) => {
    expect(validate(read(name)).objections).toEqual([]);
  });

  test('the start of the upload is among those that are checked', () => {
    expect(validate(read('transfer.asl.json')).checked).toContain('StartMultipartUpload');
  });

  test.each([
    [
      'an unknown parameter',
      { ChecksumAlgoritm: 'CRC64NVME' },
      'Unknown parameter in input: "ChecksumAlgoritm"',
    ],
    ['a value that the API does not know', { ChecksumAlgorithm: 'CRC64' }, 'ChecksumAlgorithm is CRC64'],
    ['a value of the wrong type', { Bucket: 7 }, 'Invalid type for parameter Bucket'],
  ])('%s is found', (_, change, objection) => {
    const definition = read('transfer.asl.json');
    Object.assign(definition.States.StartMultipartUpload.Parameters, change);
    expect(validate(definition).objections.join('\n')).toContain(objection);
  });

  test('a missing parameter is found', () => {
    const definition = read('transfer.asl.json');
    delete definition.States.StartMultipartUpload.Parameters['Key.$'];
    expect(validate(definition).objections.join('\n')).toContain(
      'Missing required parameter in input: "Key"',
    );
  });
});
