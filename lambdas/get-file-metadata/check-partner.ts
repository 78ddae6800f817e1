import { checkServer } from '../../doctor/check-server.ts';
import type { OwnSide } from '../../doctor/diagnosis/failure-report.ts';
import type { ServerCheckEvent } from '../../doctor/event.ts';
import type { EgressEcho, ServerProbe } from '../../doctor/ports.ts';
import type { ServerCheckReport } from '../../doctor/report.ts';
import type { Clock } from '../../transfer/clock.ts';
import type { Telemetry } from '../../transfer/telemetry.ts';

const RATE_CAVEAT =
  'measured by a function with less processor than the one that downloads: a transfer is as fast or faster';

/**
 * Checks the partner's server from the deployed network, the only one that leaves by the allowlisted addresses.
 * What it finds is returned, not thrown: no Retry and no alarm is to see it.
 */
export async function checkPartner(
  { check }: ServerCheckEvent,
  ports: { probe: ServerProbe; clock: Clock; telemetry: Telemetry; echo?: EgressEcho | undefined },
  ownSide: OwnSide,
  signal: AbortSignal,
): Promise<ServerCheckReport> {
  const request = {
    path: check.path,
    folder: check.folder,
    afterProof: check.after_proof,
    freeSessions: check.sessions,
    fileSizeBytes: check.file_size_bytes,
  };
  const report = await checkServer(request, ports, ownSide, signal);
  const { status, failure, recommendation, seconds } = report;
  ports.telemetry.info('server checked', {
    status,
    seconds,
    ...(failure !== null && { stage: failure.stage, error_name: failure.error, fault: failure.fault }),
  });
  return recommendation === null
    ? report
    : { ...report, recommendation: { ...recommendation, reasons: [...recommendation.reasons, RATE_CAVEAT] } };
}
