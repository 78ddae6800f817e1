import type { Client, SFTPWrapper } from 'ssh2';
import { readyAtVersion } from './ready-at-version.ts';

type Subsystem = (remoteChannelId: number, name: string, wantReply: boolean) => void;
type OpenSftp = (callback: (error: Error | undefined, sftp: SFTPWrapper) => void) => Client;

/** Fields of ssh2 1.17 that it does not document (lib/client.js, lib/utils.js). */
interface Ssh2Connection {
  _protocol?: { subsystem?: Subsystem };
  _chanMgr?: { _channels?: Record<number, unknown> };
}

/** Of its SFTP channel (lib/protocol/SFTP.js): `_init` asks for the version, and does nothing the second time. */
type Ssh2SftpChannel = SFTPWrapper & { _init: () => void; outgoing: { id: number } };

/** A channel that is not ready by then is asked for once more, the patient way. Far above any start of a server. */
const PATIENT_AFTER_MS = 5_000;

const ignore = (): void => {};

/**
 * Saves up to two round trips for every SFTP channel of a connection. The channel is ready at the SFTP version (see
 * readyAtVersion), and that is asked for right behind the subsystem, where ssh2 waits until the server has confirmed
 * it. A server that grants no window with the channel, as OpenSSH's, gets the question when the window comes. OpenSSH's
 * own client does not wait either, so servers are used to it. One that drops what comes before it has confirmed would
 * never answer: after `patientAfterMs` a second channel is opened as ssh2 does, over the same login, and so are all
 * later ones. Other versions of ssh2 are left as they are.
 *
 * To be called after the handshake, and before a channel is opened.
 */
export function startSftpAtOnce(client: Client, patientAfterMs = PATIENT_AFTER_MS): void {
  const { _protocol: protocol, _chanMgr: channels } = client as unknown as Ssh2Connection;
  const request = protocol?.subsystem;
  if (protocol === undefined || typeof request !== 'function' || channels?._channels === undefined) return;
  let isPatient = false;

  protocol.subsystem = (remoteChannelId, name, wantReply) => {
    request.call(protocol, remoteChannelId, name, wantReply);
    const channel = Object.values(channels._channels ?? {}).find((candidate): candidate is Ssh2SftpChannel =>
      isSftpChannel(candidate, remoteChannelId),
    );
    if (channel === undefined) return;
    readyAtVersion(channel);
    if (!isPatient) askVersionNow(channel);
  };

  const open: OpenSftp = client.sftp.bind(client);
  client.sftp = ((callback: Parameters<OpenSftp>[0]) => {
    let waiting = 0;
    let isSettled = false;
    const settle: typeof callback = (error, sftp) => {
      waiting -= 1;
      if (isSettled) {
        sftp?.on('error', ignore).end();
      } else if (!error || waiting === 0) {
        isSettled = true;
        clearTimeout(timer);
        callback(error, sftp);
      }
    };
    const openOne = (): void => {
      waiting += 1;
      open(settle);
    };
    const timer = setTimeout(() => {
      isPatient = true;
      try {
        openOne();
      } catch {
        waiting -= 1; // the connection is gone, and the first channel's callback gets the error
      }
    }, patientAfterMs).unref();
    try {
      openOne();
    } catch (error) {
      clearTimeout(timer);
      throw error;
    }
    return client;
  }) as Client['sftp'];
}

function isSftpChannel(candidate: unknown, remoteChannelId: number): candidate is Ssh2SftpChannel {
  const { outgoing, _init } = (candidate ?? {}) as Partial<Ssh2SftpChannel>;
  return typeof _init === 'function' && outgoing?.id === remoteChannelId;
}

/** ssh2 listens only from `_init` on: what an eager server said before it confirmed the subsystem is repeated then. */
function askVersionNow(sftp: Ssh2SftpChannel): void {
  const early: (() => void)[] = [];
  const keepReady = () => early.push(() => sftp.emit('ready'));
  const keepError = (error: Error) => early.push(() => sftp.emit('error', error));
  sftp.on('ready', keepReady).on('error', keepError);
  sftp._init();
  sftp._init = () => {
    sftp.off('ready', keepReady).off('error', keepError);
    for (const repeat of early) repeat();
  };
}
