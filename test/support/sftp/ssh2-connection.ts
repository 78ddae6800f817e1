import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { promisify } from 'node:util';
import ssh2, { type Client, type ConnectConfig, type SFTPWrapper } from 'ssh2';

export interface Ssh2Connection {
  client: Client;
  sftp: SFTPWrapper;
  socket: Socket;
  end(): Promise<void>;
}

/** A bare connection of ssh2's client with one SFTP channel; it trusts any host key. */
export async function connectSsh2(
  server: { host: string; port: number },
  login: Pick<ConnectConfig, 'username' | 'password' | 'privateKey'>,
  algorithms?: ConnectConfig['algorithms'],
): Promise<Ssh2Connection> {
  const socket = connect({ host: server.host, port: server.port, noDelay: true });
  const client = new ssh2.Client();
  client.on('error', () => {});
  client.connect({ ...login, sock: socket, ...(algorithms && { algorithms }) });
  await once(client, 'ready');
  const sftp = await promisify<SFTPWrapper>((callback) => client.sftp(callback))();
  sftp.on('error', () => {});
  return {
    client,
    sftp,
    socket,
    async end() {
      if (socket.closed) return;
      client.end();
      await once(socket, 'close');
    },
  };
}

/** The same connection as another version of ssh2 might give it: its channels' internals cannot be reached. */
export function withoutInternals({ client, sftp }: Ssh2Connection): { client: Client; sftp: SFTPWrapper } {
  const hidden = <T extends object>(target: T, replaced: Record<string, unknown>): T =>
    new Proxy(target, {
      get(_target, name) {
        if (typeof name === 'string' && name in replaced) return replaced[name];
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  const hideChannel = (channel: SFTPWrapper) =>
    hidden(channel, { _protocol: undefined, outgoing: undefined });
  const openChannel = (callback: (error: Error | undefined, channel?: SFTPWrapper) => void) =>
    client.sftp((error, channel) => callback(error, error ? undefined : hideChannel(channel)));
  return { client: hidden(client, { sftp: openChannel, _protocol: undefined }), sftp: hideChannel(sftp) };
}
