import { writeSnapshot } from '../../../local/pull/snapshot-file.ts';

/** Writes large listings into one file, one after the other, until it is killed. */
const [file = '', names = '0'] = process.argv.slice(2);
for (let round = 1; ; round += 1) {
  const observations = new Map(
    Array.from({ length: Number(names) }, (_, n) => [
      `export_${n}.csv`,
      { sizeBytes: round, modifiedAtSeconds: n, sinceMs: n, lastSeenMs: n, firstSeenMs: n, changes: 0 },
    ]),
  );
  await writeSnapshot(file, { isComplete: true, observations });
  process.stdout.write(`${round}\n`);
}
