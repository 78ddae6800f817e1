import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';

/** Sends a message to the stack's alert topic. @param subject ASCII, at most 100 characters */
export type SendAlert = (subject: string, text: string, signal: AbortSignal) => Promise<void>;

export function alertSender(topicArn: string): SendAlert {
  const sns = new SNSClient();
  return async (subject, text, abortSignal) => {
    const command = new PublishCommand({ TopicArn: topicArn, Subject: subject, Message: text });
    await sns.send(command, { abortSignal });
  };
}
