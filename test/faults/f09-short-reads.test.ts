import { MIB } from '../support/transfer-rig.ts';
import { describeFault } from './support/fault.ts';
import { metricsOf, withPartner } from './support/partner-rig.ts';

describeFault('F09', 'small read limits and short reads', (tell) => {
  test.each([
    ['a limit of 4,000 bytes that it does not tell', { maxReadBytes: 4_000 }],
    ['any length', { shortRead: (asked: number) => 1 + Math.floor(Math.random() * asked) }],
    ['half', { shortRead: (asked: number) => Math.ceil(asked / 2) }],
  ])('the server answers with %s: the missing bytes are asked for again', async (name, faults) => {
    await withPartner(
      async (rig) => {
        const sizeBytes = 11 * MIB + 12_345;
        const { path, sha256 } = await rig.put('big.bin', sizeBytes);

        const { outcome, attempts, written } = await rig.transfer(rig.source(), {
          sftp_file_path: path,
          target_s3_key: 'big',
        });

        expect(outcome).toMatchObject({ status: 'SUCCEEDED', object: { size_bytes: sizeBytes } });
        expect(await rig.store.hashOf('big')).toBe(sha256);
        expect(attempts.filter((attempt) => attempt.outcome !== 'succeeded')).toEqual([]);
        const chunkBytes = metricsOf(written, 'BytesTransferred').toSorted((a, b) => a - b);
        expect(chunkBytes).toEqual([MIB + 12_345, 5 * MIB, 5 * MIB]);
        const { reads } = rig.server.record;
        expect(reads).toBeGreaterThan(sizeBytes / 32_768 + 3); // what it takes without the fault
        tell(`${name}: ${reads} reads, chunks exact, hash equal`);
      },
      { faults },
    );
  });
});
