"""S3 lists the CRC64NVME of each part of an upload. moto lists parts without, and then no part counts as finished.

It is the checksum that came with the part: S3 would refuse a wrong one, the emulator believes it. What is proved against
it is proved against S3's own elsewhere (test/e2e, on the embedded server, which computes it).
"""

import base64
import re
from typing import Any

from moto.s3.responses import S3Response

_HEADER = "x-amz-checksum-crc64nvme"
_CRC64_BYTES = 8


def install() -> None:
    upload_part = S3Response.upload_part
    list_parts = S3Response.list_parts

    def upload_part_with_checksum(self: Any) -> Any:
        status, headers, body = upload_part(self)
        checksum = headers.get(_HEADER)
        # Where none came moto makes one up, of four bytes.
        if checksum is not None and len(base64.b64decode(checksum)) == _CRC64_BYTES:
            _part(self, self._get_int_param("partNumber")).crc64nvme = checksum
        return status, headers, body

    def list_parts_with_checksums(self: Any) -> Any:
        status, headers, body = list_parts(self)
        text = body.decode() if isinstance(body, bytes) else body

        def with_checksum(number: re.Match[str]) -> str:
            checksum = getattr(_part(self, int(number[1])), "crc64nvme", None)
            return number[0] if checksum is None else f"{number[0]}<ChecksumCRC64NVME>{checksum}</ChecksumCRC64NVME>"

        return status, headers, re.sub(r"<PartNumber>(\d+)</PartNumber>", with_checksum, text)

    S3Response.upload_part = upload_part_with_checksum  # type: ignore[method-assign]
    S3Response.list_parts = list_parts_with_checksums  # type: ignore[method-assign]


def _part(response: Any, number: int) -> Any:
    """A part is written anew, without what was noted of it before, when it is uploaded again."""
    upload = response.backend.get_bucket(response.bucket_name).multiparts[response._get_param("uploadId")]
    return upload.parts[number]
