import type { ConnectionEvent, ConnectionLoss } from '../../../doctor/ports.ts';
import { SftpConnectionError } from '../../../transfer/errors.ts';
import { eventsBefore, type FakeServerProbe } from '../sftp/fake-server-probe.ts';

export function lost(how: ConnectionLoss['how'], said = ''): ConnectionEvent {
  return { at: 'lost', loss: { how, said } };
}

/** Breaks a healthy server. */
export type Failing = (probe: FakeServerProbe) => void;

export const connectionLost = new SftpConnectionError('lost');

/** Every connection passes the events before `stage`, then this one, and ends with the error. */
export const failingAt =
  (stage: ConnectionEvent['at'], event: ConnectionEvent, error: Error = connectionLost): Failing =>
  (probe) => {
    probe.connection = () => ({ events: [...eventsBefore(stage), event], error });
  };
