import type { EgressEcho } from '../ports.ts';
import type { StageLog, StageResult } from '../stage-log.ts';

/**
 * Measures which address the internet sees, and compares it with those that partners were told. It never fails the
 * check: the echo is not the partner, and may be down while the partner is well.
 * @returns the address that no partner was told of; undefined where all is well, or nothing was learnt
 */
export async function measureEgress(
  echo: EgressEcho,
  told: readonly string[],
  log: StageLog,
  signal: AbortSignal,
): Promise<string | undefined> {
  return log.measure('egress', async () => {
    const answer = await echo.seenAddress(signal);
    signal.throwIfAborted();
    if ('failure' in answer) return { ...unanswered(echo, answer.failure), value: undefined };
    const { address } = answer;
    const isTold = told.includes(address);
    return { ...judged(address, isTold, told), value: isTold ? undefined : address };
  });
}

function unanswered({ url }: EgressEcho, failure: string): StageResult {
  return {
    verdict: 'warning',
    summary: `not measured: ${url} gave no address (${failure})`,
    details: { url, failure },
  };
}

function judged(address: string, isTold: boolean, told: readonly string[]): StageResult {
  const details = { seen: address, told };
  if (isTold) return { summary: `the internet sees ${address}, as partners were told`, details };
  const summary = `the internet sees ${address}, but partners were told ${told.join(', ')}`;
  return { verdict: 'warning', summary, details };
}
