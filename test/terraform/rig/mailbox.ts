import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { eventually } from './executions.ts';

export interface ReceivedMail {
  subject: string;
  body: string;
}

/** Subscribed to the alert topic, as whoever is on call is. */
export interface Mailbox {
  /** All so far, in the order in which they came. */
  mails: readonly ReceivedMail[];
  /** Waits for the next mail that contains `part`, among those that nobody has waited for yet. */
  next(part: string, timeoutMs: number): Promise<ReceivedMail>;
  close(): Promise<void>;
}

export async function subscribeMailbox(access: {
  endpoint: string;
  region: string;
  topicArn: string;
}): Promise<Mailbox> {
  const mails: ReceivedMail[] = [];
  const unread: ReceivedMail[] = [];
  const server = createServer(async (request, response) => {
    const { Type, Subject, Message } = (await json(request)) as Record<string, string>;
    if (Type === 'Notification') {
      const mail = { subject: String(Subject), body: String(Message) };
      mails.push(mail);
      unread.push(mail);
    }
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const client = new SNSClient({
    endpoint: access.endpoint,
    region: access.region,
    credentials: { accessKeyId: 'emulated', secretAccessKey: 'emulated' },
  });
  const Endpoint = `http://127.0.0.1:${port}/`;
  await client.send(new SubscribeCommand({ TopicArn: access.topicArn, Protocol: 'http', Endpoint }));
  client.destroy();
  return {
    mails,
    next: (part, timeoutMs) =>
      eventually(timeoutMs, `a mail about ${part}`, async () => {
        const index = unread.findIndex(({ subject, body }) => `${subject}\n${body}`.includes(part));
        return index < 0 ? undefined : unread.splice(index, 1)[0];
      }),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
