import type { Call } from './request/call.ts';
import { errorDocument, sendXml } from './responses.ts';
import { toS3Error } from './s3-error.ts';
import { XML_DECLARATION, type XmlFields, xmlResult } from './xml.ts';

/**
 * Answers with what `work` finds. While that takes long, the answer is begun as 200 and kept alive with white space,
 * so an error that comes then comes inside the 200, as in S3:
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
 * @throws what `work` throws, while nothing has been sent
 */
export async function answerSlowly(call: Call, root: string, work: () => Promise<XmlFields>): Promise<void> {
  const { request, response, keepAliveIntervalMs } = call;
  const timer = setInterval(() => {
    if (response.destroyed) return;
    if (response.headersSent) {
      response.write('\n');
      return;
    }
    response.writeHead(200, { 'content-type': 'application/xml' });
    response.write(XML_DECLARATION);
  }, keepAliveIntervalMs);
  try {
    const fields = await work();
    if (response.headersSent) response.end(xmlResult(root, fields));
    else sendXml(response, root, fields);
  } catch (error) {
    if (!response.headersSent) throw error;
    response.end(errorDocument(toS3Error(error), request.url ?? '/'));
  } finally {
    clearInterval(timer);
  }
}
