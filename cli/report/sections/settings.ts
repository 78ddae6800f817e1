import { formatCount } from '../../format/numbers.ts';
import { formatSize } from '../../format/sizes.ts';
import type { TransferTimeline } from '../../timeline/transfer-timeline.ts';
import { type Html, html } from '../html.ts';
import { properties } from './table.ts';

/** What was asked for, what was found, and what landed. */
export function settings({ executionId, requestedPath, file, plan, object }: TransferTimeline): Html {
  return html`<section><h2>Settings</h2>${properties([
    ['Execution', html`<code>${executionId}</code>`],
    [
      'Asked for',
      requestedPath !== undefined && requestedPath !== file?.path && html`<code>${requestedPath}</code>`,
    ],
    ['Source', file && html`<code>${file.path}</code>`],
    ['Source modified', file?.modifiedAt.replace('T', ' ').replace(/(\.000)?Z$/, ' UTC')],
    ['Largest read of the server', file && formatSize(file.maxReadBytes)],
    ['Target', file && html`<code>s3://${file.bucket}/${file.key}</code>`],
    ['If the target exists', file?.ifExists],
    ['Chunk size', plan && `${formatSize(plan.chunkSizeBytes)} (${formatCount(plan.chunkSizeBytes)} bytes)`],
    ['Chunks at a time', plan && `at most ${plan.maxConcurrency}`],
    [
      'CRC64NVME of the object',
      object && html`<code>${object.checksumCrc64Nvme ?? 'not shown by the store'}</code>`,
    ],
    ['ETag', object && html`<code>${object.etag}</code>`],
    ['Version', object?.versionId ? html`<code>${object.versionId}</code>` : undefined],
  ])}</section>`;
}
