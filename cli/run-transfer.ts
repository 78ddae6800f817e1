import { joinObservers } from '../local/join-observers.ts';
import {
  type LocalTransfer,
  runLocalTransfer,
  type TransferObserver,
  type TransferOutcome,
} from '../local/local-transfer.ts';
import type { MultipartUpload } from '../s3/ports.ts';
import { systemClock } from '../transfer/clock.ts';
import type { ChunkPlan, ResumedUpload } from '../transfer/contracts.ts';
import { buildReport } from './report/build-report.ts';
import { openReportFile } from './report/report-file.ts';
import { describeResumed } from './results/uploads/describe-resumed.ts';
import { ProgressBar } from './terminal/progress-bar.ts';
import { progressDisplay } from './terminal/progress-display.ts';
import { figuresOf, type TransferFigures } from './timeline/figures.ts';
import { TimelineRecorder } from './timeline/timeline-recorder.ts';

export interface RunOptions {
  /** The report is written there when the transfer is over, however it ended. */
  reportPath?: string | undefined;
  /** Name of the login, for the report. */
  user?: string | undefined;
  /** Seconds between two lines where stderr is not a terminal; 0 for none. */
  progressInterval: number;
  /** Called as soon as there is an upload that somebody might have to remove. */
  onUploadStarted?: (upload: MultipartUpload) => void;
}

export interface TransferRun {
  outcome: TransferOutcome;
  plan: ChunkPlan | undefined;
  /** Undefined where nothing was to be resumed. */
  resumed: ResumedUpload | undefined;
  figures: TransferFigures;
}

/**
 * Runs a transfer, and shows on stderr how far it is.
 * @throws UsageError before anything is done, if the report cannot be written
 */
export async function runTransfer(
  transfer: Omit<LocalTransfer, 'observer' | 'handsSessionsOn'>,
  { reportPath, onUploadStarted = () => {}, progressInterval, user }: RunOptions,
): Promise<TransferRun> {
  const reportFile = reportPath === undefined ? undefined : await openReportFile(reportPath);
  const recorder = new TimelineRecorder(transfer.request.sftp_file_path, systemClock, {
    serverUrl: transfer.server.url,
    ...(user !== undefined && { user }),
  });
  const display = progressDisplay(process.stderr, progressInterval);
  const bar = new ProgressBar(display);
  // It is called after the announcement of Ctrl-C, and before the upload is removed.
  transfer.signal?.addEventListener('abort', () => bar.leave(), { once: true });
  let plan: ChunkPlan | undefined;
  let resumed: ResumedUpload | undefined;
  const observer = joinObservers([
    {
      uploadStarted: onUploadStarted,
      chunksPlanned(found) {
        plan = found;
      },
      uploadResumed(found) {
        resumed = found;
        display.note(describeResumed(found));
      },
    },
    bar,
    reportFile === undefined ? withoutBytes(recorder) : recorder,
  ]);
  try {
    const outcome = await runLocalTransfer({ ...transfer, handsSessionsOn: true, observer });
    bar.stop();
    const timeline = recorder.finish(outcome);
    await reportFile?.write(buildReport(timeline));
    return { outcome, plan, resumed, figures: figuresOf(timeline) };
  } finally {
    bar.stop();
    await reportFile?.discard();
  }
}

/** Its rate over time is drawn in a report only. */
function withoutBytes(recorder: TimelineRecorder): TransferObserver {
  return {
    fileFound: (file) => recorder.fileFound(file),
    chunksPlanned: (plan) => recorder.chunksPlanned(plan),
    stepEnded: (attempt) => recorder.stepEnded(attempt),
  };
}
