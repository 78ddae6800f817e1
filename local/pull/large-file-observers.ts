import type { SftpServer } from '../../sftp/ports.ts';
import type { TransferObserver } from '../local-transfer.ts';

/** Turns what a transfer says of its chunks into bytes that have arrived. */
export function observeBytes(progressed: ((bytes: number) => void) | undefined): TransferObserver {
  if (progressed === undefined) return {};
  const readOfChunk = new Map<number, number>();
  return {
    chunkProgressed(chunkNumber, bytesRead) {
      progressed(bytesRead - (readOfChunk.get(chunkNumber) ?? 0));
      readOfChunk.set(chunkNumber, bytesRead);
    },
  };
}

/** The same server; `onLogin` is called at every login, a refused one included. */
export function countLogins(server: SftpServer, onLogin: () => void): SftpServer {
  return {
    url: server.url,
    connect(signal) {
      onLogin();
      return server.connect(signal);
    },
    withSecretVersion: (id) => countLogins(server.withSecretVersion(id), onLogin),
    async withPreviousSecret(signal) {
      const previous = await server.withPreviousSecret(signal);
      return previous && countLogins(previous, onLogin);
    },
  };
}
