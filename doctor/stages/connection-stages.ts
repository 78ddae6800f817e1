import type { Clock } from '../../transfer/clock.ts';
import {
  HostKeyMismatchError,
  InvalidTransferRequestError,
  SftpAuthenticationError,
} from '../../transfer/errors.ts';
import { counted } from '../../transfer/text/counted.ts';
import type { ConnectionEvent, ConnectionLoss, ProbeSession, ServerProbe } from '../ports.ts';
import type { StageName } from '../report.ts';
import type { StageLog, StageResult } from '../stage-log.ts';
import { describeNegotiation } from './algorithms-stage.ts';

/** In the order in which a connection passes them. */
const CONNECTION_STAGES = ['tcp', 'banner', 'algorithms', 'host-key', 'login', 'sftp-session'] as const;

/** What is known of a connection besides its stages; grows while it is made. */
export interface ConnectionFacts {
  address: string | undefined;
  /** Where we come from, as the internet sees it, when partners were told something else. */
  untoldAddress: string | undefined;
  loss: ConnectionLoss | undefined;
  /** Old algorithms that the configuration could add. */
  wouldHelp: readonly string[];
  unsupported: readonly string[];
  /** Fingerprint and type of our own public key. */
  publicKey: string | undefined;
  /** Of the first key that was not pinned. */
  offeredFingerprint: string | undefined;
}

export function noFacts(): ConnectionFacts {
  return {
    address: undefined,
    untoldAddress: undefined,
    loss: undefined,
    wouldHelp: [],
    unsupported: [],
    publicKey: undefined,
    offeredFingerprint: undefined,
  };
}

/**
 * Connects, and makes stages of what the connection passes. Every stage is recorded at its first success; a server
 * that had to be tried more than once gives a warning.
 * @param facts is filled
 * @throws StageFailure
 */
export async function connectInStages(
  probe: ServerProbe,
  pinned: readonly string[],
  { log, clock, facts }: { log: StageLog; clock: Clock; facts: ConnectionFacts },
  signal: AbortSignal,
): Promise<ProbeSession> {
  let stageStartedMs = clock.nowMs();
  let reached = -1;
  let attemptsLost = 0;

  const pass = (stage: (typeof CONNECTION_STAGES)[number], result: StageResult): void => {
    if (!log.has(stage)) log.passed(stage, stageStartedMs, result);
    reached = CONNECTION_STAGES.indexOf(stage);
    stageStartedMs = clock.nowMs();
  };

  const onEvent = (event: ConnectionEvent): void => {
    switch (event.at) {
      case 'attempt':
        reached = -1;
        stageStartedMs = clock.nowMs();
        break;
      case 'tcp':
        facts.address = event.address;
        pass('tcp', {
          summary: `connected to ${event.address} port ${probe.port}`,
          details: { address: event.address },
        });
        break;
      case 'banner': {
        const lost =
          attemptsLost === 0 ? '' : ` (after ${counted(attemptsLost, 'connection')} that ended before it)`;
        pass('banner', {
          verdict: attemptsLost === 0 ? 'ok' : 'warning',
          summary: event.identification + lost,
          details: { identification: event.identification, attempts_lost: attemptsLost },
        });
        break;
      }
      case 'algorithms':
        facts.wouldHelp = event.negotiation.wouldHelp;
        facts.unsupported = event.negotiation.unsupported;
        if (event.negotiation.missing.length === 0)
          pass('algorithms', describeNegotiation(event.negotiation));
        break;
      case 'host-key':
        if (!event.isPinned) facts.offeredFingerprint ??= event.fingerprint;
        if (event.isPinned) {
          pass('host-key', {
            summary: `${event.fingerprint} (${event.keyType}) is pinned`,
            details: { offered: event.fingerprint, key_type: event.keyType, pinned },
          });
        }
        break;
      case 'login':
        pass('login', {
          summary:
            event.methods.length === 0
              ? 'no credential was asked for'
              : `accepted: ${event.methods.join(', then ')}`,
          details: { methods: event.methods },
        });
        break;
      case 'lost':
        attemptsLost += 1;
        facts.loss = event.loss;
        break;
    }
  };

  try {
    const session = await probe.connect(signal, onEvent);
    const maxReadBytes = await session.maxReadBytes(signal).catch(async (error: unknown) => {
      await session.end();
      throw error;
    });
    pass('sftp-session', {
      summary: `open, reads of up to ${maxReadBytes} bytes`,
      details: { max_read_bytes: maxReadBytes },
    });
    return session;
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    const next = CONNECTION_STAGES[reached + 1] ?? 'sftp-session';
    const details = error instanceof HostKeyMismatchError ? { offered: error.offered, pinned } : {};
    throw log.failed(failedStage(error, next), stageStartedMs, error, details);
  }
}

/** An error whose class names a stage belongs to that stage, wherever the connection was. */
function failedStage(error: Error, next: StageName): StageName {
  if (error instanceof HostKeyMismatchError) return 'host-key';
  if (error instanceof SftpAuthenticationError) return 'login';
  if (error instanceof InvalidTransferRequestError && error.field === 'legacyAlgorithms') return 'algorithms';
  return next;
}
