import type { MultipartUpload } from '../../s3/ports.ts';
import { printLine } from '../print.ts';
import { abortCommand } from '../results/uploads/abort-command.ts';

/** What the second Ctrl-C leaves behind, said right before the process ends. */
export class Abandonment {
  readonly #asJson: boolean;
  readonly #endpointUrl: string | undefined;
  #upload: MultipartUpload | undefined;

  constructor(asJson: boolean, endpointUrl: string | undefined) {
    this.#asJson = asJson;
    this.#endpointUrl = endpointUrl;
  }

  remember(upload: MultipartUpload): void {
    this.#upload = upload;
  }

  announce(): void {
    const upload = this.#upload;
    if (upload !== undefined) {
      process.stderr.write(
        `Left without checking. The upload may still be there, and its parts cost storage. To remove it:\n  ${abortCommand(upload, this.#endpointUrl)}\n`,
      );
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
