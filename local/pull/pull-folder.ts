import { randomBytes } from 'node:crypto';
import { copiesInOrder } from '../../folder/decide.ts';
import type { PlannedCopy } from '../../folder/decision.ts';
import { makeRunId, runStartOf } from '../../folder/run/run-id.ts';
import { calendarTime } from '../../folder/target/date-format.ts';
import { fillTemplate, parseTemplate } from '../../folder/target/target-template.ts';
import type { CopyOutcome, CopySettings } from '../../lambdas/copy-batch/batch.ts';
import { markGone } from '../../lambdas/list-folder/mark-gone.ts';
import type { Settled } from '../../lambdas/settle-source/settle-source.ts';
import { assertArchiveOutside, settleSources } from '../../lambdas/settle-source/settle-sources.ts';
import { triggerNeed } from '../../lambdas/settle-source/trigger-need.ts';
import { S3ObjectStore } from '../../s3/object-store.ts';
import { systemClock } from '../../transfer/clock.ts';
import { joinObservers } from '../join-observers.ts';
import { copyLargeFile } from './copy-large-file.ts';
import { copySmallFiles } from './copy-small-files.ts';
import { decideNow } from './decide-now.ts';
import type { FolderPull, PullResult } from './folder-pull.ts';
import { countLogins, observeBytes } from './large-file-observers.ts';
import { RunSessions } from './run-sessions.ts';
import { readSnapshot, writeSnapshot } from './snapshot-file.ts';

/**
 * Brings what is new in a folder into S3: lists it, looks a second time where a file must be quiet, copies small files
 * in batches and large ones by the transfer workflow, and moves or removes what has landed. Every file lands, or fails,
 * by itself.
 * @throws what ends the whole run: a listing that broke off, a refused login, a ledger that does not answer, the
 *   signal's reason
 */
export async function pullFolder(pull: FolderPull): Promise<PullResult> {
  const { settings, signal, observer, ledger } = pull;
  const startedMs = systemClock.nowMs();
  const runId = makeRunId('local', startedMs, randomBytes(4).toString('hex'));
  const sessions = new RunSessions(pull.server, pull.telemetry);
  const snapshot = await readSnapshot(pull.snapshotFile);
  const store = new S3ObjectStore(pull.s3);
  let largeLogins = 0;

  const { look, decisions, rows } = await decideNow({ pull, sessions, snapshot, startedMs });
  if (pull.dryRun) {
    return finish([], []);
  }
  assertArchiveOutside(settings, look.rootPath);
  await writeSnapshot(pull.snapshotFile, {
    isComplete: look.unread.length === 0,
    observations: look.observations,
  });
  const copies = copiesInOrder(decisions, settings.order);
  observer.decided?.(copies);

  const outcomes: CopyOutcome[] = [];
  const onOutcome = (outcome: CopyOutcome): void => {
    outcomes.push(outcome);
    observer.copied?.(outcome);
  };
  const groups = new Map(copies.map(({ path, groups: captured }) => [path, captured]));
  const template = parseTemplate(settings.target);
  const copySettings: CopySettings = {
    rootPath: look.rootPath,
    bucket: pull.bucket,
    keyOf: ({ path, modifiedAtSeconds }, generation, owner) =>
      pull.keyPrefix +
      fillTemplate(template, {
        path,
        modifiedAtSeconds,
        generation,
        groups: groups.get(path) ?? [],
        run: calendarTime((owner && runStartOf(owner)) || startedMs, settings.timeZone),
        timeZone: settings.timeZone,
      }),
    ifExists: pull.ifExists,
    runId,
    afterProof: settings.afterProof.action,
    maxFailures: settings.maxFailures,
    redelivery: settings.redelivery,
  };
  const run = {
    runId,
    maxSessions: pull.maxSessions,
    onOutcome,
    ...(pull.leaseMs !== undefined && { leaseMs: pull.leaseMs }),
  };
  const ports = { sessions, ledger, store };
  const isSmall = ({ sizeBytes }: PlannedCopy): boolean => sizeBytes <= pull.chunkSizeBytes;
  await copySmallFiles(copies.filter(isSmall), copySettings, run, ports, signal);
  for (const file of copies.filter((copy) => !isSmall(copy))) {
    const counting = countLogins(pull.server, () => {
      largeLogins += 1;
    });
    const large = {
      server: counting,
      s3: pull.s3,
      telemetry: pull.telemetry,
      chunkSizeBytes: pull.chunkSizeBytes,
      observer: joinObservers([
        observeBytes(observer.progressed?.bind(observer)),
        { uploadStarted: (upload) => pull.onUpload?.(upload) },
      ]),
    };
    onOutcome(await copyLargeFile(file, copySettings, run, ports, large, signal));
    pull.onUpload?.(undefined);
  }

  await markGone(ledger, rows, snapshot, look);
  const settled: { path: string; settled: Settled }[] = [];
  const keeper = sessions.keep(signal);
  try {
    await settleSources(
      {
        settings,
        rootPath: look.rootPath,
        startedMs,
        nowMs: systemClock.nowMs,
        isTriggerNeeded: triggerNeed(settings, decisions, landedPaths(outcomes)),
        onSettled: (path, how) => {
          settled.push({ path, settled: how });
          observer.settled?.(path, how);
        },
      },
      { keeper, ledger, store },
      signal,
    );
  } finally {
    await keeper.end();
  }
  return finish(outcomes, settled);

  function finish(done: CopyOutcome[], after: { path: string; settled: Settled }[]): PullResult {
    return {
      decisions,
      unread: look.unread,
      outcomes: done,
      settled: after,
      seconds: (systemClock.nowMs() - startedMs) / 1000,
      logins: sessions.logins + largeLogins,
    };
  }
}

function landedPaths(outcomes: readonly CopyOutcome[]): Set<string> {
  return new Set(outcomes.filter(({ status }) => status === 'landed').map(({ path }) => path));
}
