import { joinObservers } from '../local/join-observers.ts';
import { type LocalTransfer, runLocalTransfer, type TransferOutcome } from '../local/local-transfer.ts';
import { systemClock } from '../transfer/clock.ts';
import type { ChunkPlan } from '../transfer/contracts.ts';
import { buildReport } from './report/build-report.ts';
import { openReportFile } from './report/report-file.ts';
import { ProgressBar } from './terminal/progress-bar.ts';
import { TimelineRecorder } from './timeline/timeline-recorder.ts';

/**
 * Runs a transfer, with a progress bar where stderr is a terminal. Its report is written to `reportPath` when it is
 * over, however it ended.
 * @throws UsageError before anything is done, if the report cannot be written
 */
export async function runTransfer(
  transfer: Omit<LocalTransfer, 'observer'>,
  reportPath?: string,
): Promise<{ outcome: TransferOutcome; plan: ChunkPlan | undefined }> {
  const reportFile = reportPath === undefined ? undefined : await openReportFile(reportPath);
  const recorder = new TimelineRecorder(transfer.request.sftp_file_path, systemClock);
  const bar = process.stderr.isTTY ? new ProgressBar() : undefined;
  let plan: ChunkPlan | undefined;
  const observer = joinObservers([
    {
      chunksPlanned(found) {
        plan = found;
      },
    },
    ...(bar === undefined ? [] : [bar]),
    ...(reportFile === undefined ? [] : [recorder]),
  ]);
  try {
    const outcome = await runLocalTransfer({ ...transfer, observer });
    await reportFile?.write(buildReport(recorder.finish(outcome)));
    return { outcome, plan };
  } finally {
    bar?.stop();
    await reportFile?.close();
  }
}
