/** Between two looks at who our parent is. */
const LOOK_INTERVAL_MS = 500;

/**
 * Ends the command in order, as a SIGTERM does, when npm or our own launcher was ended and did not pass that on: nobody
 * would see, or be able to stop, a transfer that goes on. A command that was started in any other way may outlive its
 * parent, as under nohup.
 */
export function stopWithParent(environment: NodeJS.ProcessEnv): void {
  const parent = process.ppid;
  const isLaunched =
    environment.npm_execpath !== undefined || environment.SFTP_TO_S3_LAUNCHER === String(parent);
  if (!isLaunched) return;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, LOOK_INTERVAL_MS);
  timer.unref();
}
