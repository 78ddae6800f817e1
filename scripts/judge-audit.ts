/** Advisories that do not reach this project, by their id (`GHSA-…`), and why. */
const ACCEPTED: Readonly<Record<string, string>> = {};

const FAILING_SEVERITIES: readonly string[] = ['high', 'critical'];
/** What registries without advisories answer. */
const NOT_SERVED: readonly unknown[] = [404, 405, 501];

/** As much of what `npm audit --json` prints as matters. A text in `via` is another package of the list. */
export interface AuditAnswer {
  vulnerabilities?: Record<string, { via: (string | { title: string; url: string; severity: string })[] }>;
  /** Of a registry that gave no list. */
  statusCode?: number;
  message?: string;
}

/** What is to be printed about the answer, and whether CI passes: not with a serious advisory that is not accepted. */
export function judgeAudit(answer: AuditAnswer, accepted = ACCEPTED): { passed: boolean; lines: string[] } {
  const { vulnerabilities, statusCode, message } = answer;
  if (vulnerabilities === undefined) {
    const passed = NOT_SERVED.includes(statusCode);
    const why = passed ? `this registry does not serve them (HTTP ${statusCode})` : message;
    return { passed, lines: [`Known advisories were not checked: ${why}`] };
  }
  const advisories = Object.entries(vulnerabilities).flatMap(([name, { via }]) =>
    via.flatMap((advisory) => (typeof advisory === 'string' ? [] : [{ name, ...advisory }])),
  );
  const serious = advisories
    .filter(({ severity }) => FAILING_SEVERITIES.includes(severity))
    .map((advisory) => ({ ...advisory, reason: accepted[advisory.url.split('/').at(-1) ?? ''] }));
  return {
    passed: serious.every(({ reason }) => reason !== undefined),
    lines: [
      `${advisories.length} known advisories, ${serious.length} of them high or critical`,
      ...serious.map(
        ({ name, severity, title, url, reason }) =>
          `${name}: ${severity}: ${title} ${url}${reason === undefined ? '' : ` (accepted: ${reason})`}`,
      ),
    ],
  };
}
