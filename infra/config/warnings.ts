import type { Configuration } from './schema.ts';

/** What is sound but hardly meant, as sentences to print at synth. */
export function warningsOf({ alerts }: Configuration): string[] {
  const isSilent = alerts.emails.length === 0 && alerts.httpsEndpoints.length === 0;
  if (isSilent)
    return [
      'alerts.emails and alerts.httpsEndpoints are empty: every alarm is made, and nobody is notified.',
    ];
  if (alerts.runbookBaseUrl !== undefined) return [];
  return ['alerts.runbookBaseUrl is missing: alarms name their runbook, but cannot link to it.'];
}
