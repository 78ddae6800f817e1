import { readFileSync } from 'node:fs';

/** Between two checks of who our parents are. */
const LOOK_INTERVAL_MS = 500;

/**
 * Ends the command in order, as a SIGTERM does, when npm or our own launcher was ended and did not pass that on: nobody
 * would see, or be able to stop, a transfer that goes on. A command that was started in any other way may outlive its
 * parent, as under nohup.
 */
export function stopWithParent(environment: NodeJS.ProcessEnv): void {
  const isLaunched =
    environment.npm_execpath !== undefined || environment.SFTP_TO_S3_LAUNCHER === String(process.ppid);
  if (!isLaunched) return;
  const before = parents();
  const timer = setInterval(() => {
    if (parents() === before) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, LOOK_INTERVAL_MS);
  timer.unref();
}

/** Our parent and, where the system shows it, the parent's: npm starts commands through a shell that outlives npm. */
function parents(): string {
  const parent = process.ppid;
  try {
    // The name in brackets may hold blanks; after it come the state and the parent (proc(5)).
    const [, afterName = ''] = readFileSync(`/proc/${parent}/stat`, 'utf8').split(/\)(?=[^)]*$)/);
    return `${parent} ${afterName.trim().split(' ')[1]}`;
  } catch {
    return `${parent}`;
  }
}
