import type { MultipartUpload } from '../../s3/ports.ts';
import { wrap } from '../../transfer/text/wrap.ts';
import { printLine } from '../print.ts';
import { abortCommand } from '../results/uploads/abort-command.ts';
import { columnsOf } from '../terminal/terminal-kind.ts';

/** What the second Ctrl-C leaves behind, said right before the process ends. */
export class Abandonment {
  readonly #asJson: boolean;
  readonly #endpointUrl: string | undefined;
  #upload: MultipartUpload | undefined;

  constructor(asJson: boolean, endpointUrl: string | undefined) {
    this.#asJson = asJson;
    this.#endpointUrl = endpointUrl;
  }

  /** @param upload undefined when there is none any more */
  remember(upload: MultipartUpload | undefined): void {
    this.#upload = upload;
  }

  announce(): void {
    const upload = this.#upload;
    if (upload !== undefined) {
      const why =
        'Left without checking. The upload may still be there, and its parts cost storage. To remove it:';
      // The command stays one line, so that it can be copied.
      const lines = [wrap(why, columnsOf(process.stderr)), `  ${abortCommand(upload, this.#endpointUrl)}`];
      // The terminal has written ^C where the cursor was.
      process.stderr.write(`\n${lines.join('\n')}\n`);
    }
    if (!this.#asJson) return;
    const remains =
      upload === undefined
        ? { upload: 'none', object: 'none' }
        : {
            upload: 'unknown',
            object: 'unknown',
            bucket: upload.bucket,
            key: upload.key,
            upload_id: upload.uploadId,
          };
    printLine(JSON.stringify({ status: 'ABORTED', error: 'Interrupted', cause: 'left at once', ...remains }));
  }
}
