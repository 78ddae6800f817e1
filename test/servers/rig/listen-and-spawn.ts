import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type { ServerCommand, ServerProcess } from './server-process.ts';

/** Starts the program once for every connection, with the connection as its stdin and stdout, as inetd does. */
export async function listenAndSpawn(command: ServerCommand): Promise<ServerProcess> {
  const { program, args, environment = {}, port } = command;
  const children = new Set<ChildProcess>();
  let log = '';
  const serve = (socket: Socket): void => {
    const child = spawn(program, [...args], {
      env: { PATH: process.env.PATH, ...environment },
      stdio: [socket, socket, 'pipe'],
    });
    children.add(child);
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      log += text;
    });
    child.once('exit', () => children.delete(child));
    // The child has its own copy of the connection.
    socket.destroy();
  };
  const listener = createServer({ pauseOnConnect: true }, serve);
  listener.listen(port, '127.0.0.1');
  await once(listener, 'listening');
  return {
    log: () => log,
    async stop() {
      listener.close();
      const ended = [...children].map((child) => once(child, 'exit'));
      for (const child of children) child.kill('SIGKILL');
      await Promise.all(ended);
    },
  };
}
