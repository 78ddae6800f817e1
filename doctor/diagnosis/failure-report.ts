import type { CheckFailure, Stage } from '../report.ts';
import type { StageFailure } from '../stage-log.ts';
import type { ConnectionFacts } from '../stages/connection-stages.ts';
import { diagnose } from './diagnose.ts';
import { messageToPartner } from './partner-message.ts';

/** What is known of our own side. */
export interface OwnSide {
  /** Addresses that we come from; empty when this machine does not know them. */
  egressAddresses: readonly string[];
  /** CIDRs that our network lets us reach; empty when it does not say. */
  allowedCidrs: readonly string[];
  /** Sessions that our transfers may open at a time; undefined when this machine does not know. */
  maxSessions?: number | undefined;
}

export interface FailureScene extends OwnSide {
  host: string;
  port: number;
  /** The path that was asked for. */
  path: string | undefined;
  facts: ConnectionFacts;
  stages: readonly Stage[];
  /** True when the time of the check itself was over. */
  timeIsOver: boolean;
  nowMs: number;
}

/** What failed, whose fault it is, and what to send to the partner. */
export function describeFailure({ stage, error }: StageFailure, scene: FailureScene): CheckFailure {
  const { fault, sentence, request } = diagnose({ ...scene, stage, error });
  const message =
    request === undefined
      ? null
      : messageToPartner({
          ...scene,
          at: new Date(scene.nowMs).toISOString(),
          address: scene.facts.address,
          lastPassed: scene.stages.findLast(({ verdict }) => verdict === 'ok' || verdict === 'warning')
            ?.stage,
          stage,
          milliseconds: scene.stages.findLast((one) => one.stage === stage)?.milliseconds ?? 0,
          how: scene.facts.loss?.how,
          publicKey: scene.facts.publicKey,
          request,
        });
  return { stage, error: error.name, cause: error.message, fault, sentence, message_to_partner: message };
}
