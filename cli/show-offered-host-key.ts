import { EXIT_CODES } from './exit-codes.ts';
import { offeredHostKey } from './offered-host-key.ts';
import { printLine } from './print.ts';

/** Trust is the caller's to give: prints the fingerprint, so that the caller can confirm and pin it. */
export async function showOfferedHostKey(
  from: { host: string; port: number },
  flags: { legacyAlgorithm: string[]; json?: true },
): Promise<void> {
  const offered = await offeredHostKey({ ...from, legacyAlgorithms: flags.legacyAlgorithm });
  const advice = `${from.host}:${from.port} offers host key ${offered}. Nothing was sent.`;
  const next = `Confirm it with the server's administrator, then add: --host-key ${offered}`;
  if (flags.json) {
    const cause = `${advice} ${next}`;
    printLine(JSON.stringify({ status: 'FAILED', error: 'HostKeyUnconfirmed', cause, host_key: offered }));
  } else {
    printLine(`${advice}\n${next}`);
  }
  process.exitCode = EXIT_CODES.hostKeyUnconfirmed;
}
