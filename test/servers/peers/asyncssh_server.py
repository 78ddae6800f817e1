"""An SFTP server on AsyncSSH: PORT HOST_KEY AUTHORIZED_KEYS. It serves the whole file system."""
import asyncio
import sys

import asyncssh


class KeyOnlyServer(asyncssh.SSHServer):
    def password_auth_supported(self):
        return False


async def main(port, host_key, authorized_keys):
    await asyncssh.listen(
        "127.0.0.1",
        int(port),
        server_factory=KeyOnlyServer,
        server_host_keys=[host_key],
        authorized_client_keys=authorized_keys,
        sftp_factory=True,
    )
    await asyncio.Future()


asyncio.run(main(*sys.argv[1:]))
