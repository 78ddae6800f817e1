import { measure, REFILL_MS, WORKER_SECONDS } from '../test/support/session-scenarios.ts';

/**
 * Prints how often a partner's overlapping transfers lose one of them, by the model of test/support/session-model.ts:
 * `node scripts/session-model.ts [transfers] [runs]`
 */
const transfers = Number(process.argv[2] ?? 2);
const runs = Number(process.argv[3] ?? 10);
const titles = WORKER_SECONDS.map((seconds) => `workers of ${seconds} s`);
for (const sharing of ['back-off', 'leases'] as const) {
  const lines = [`| next item within | ${titles.join(' | ')} |`, `|--${'|--'.repeat(titles.length)}|`];
  let peakSessions = 0;
  let historyEvents = 0;
  for (const refillMs of REFILL_MS) {
    const cells = WORKER_SECONDS.map((seconds) => measure(sharing, transfers, seconds, refillMs, runs));
    lines.push(`| ${refillMs} ms | ${cells.map(({ failed }) => failed).join(' | ')} |`);
    peakSessions = Math.max(peakSessions, ...cells.map((cell) => cell.peakSessions));
    historyEvents = Math.max(historyEvents, ...cells.map((cell) => cell.historyEvents));
  }
  process.stdout.write(
    `${transfers} transfers, shared by ${sharing}: runs of ${runs} in which one fails; ` +
      `at most ${peakSessions} sessions of 8, ${historyEvents} events\n\n${lines.join('\n')}\n\n`,
  );
}
