"""An SFTP server on Twisted Conch: PORT HOST_KEY AUTHORIZED_KEYS.

Conch's own server for the users of a Unix system, without the switch to the user who logs in: it needs no privileges.
"""
import sys

from twisted.conch import avatar, interfaces
from twisted.conch.checkers import InMemorySSHKeyDB, SSHPublicKeyChecker
from twisted.conch.ssh import factory, filetransfer, keys, session
from twisted.conch.unix import SFTPServerForUnixConchUser
from twisted.cred import portal
from twisted.internet import reactor
from twisted.python import components, filepath
from zope.interface import implementer


class User(avatar.ConchUser):
    def __init__(self):
        super().__init__()
        self.channelLookup[b"session"] = session.SSHSession
        self.subsystemLookup[b"sftp"] = filetransfer.FileTransferServer

    def getUserGroupId(self):
        return None, None

    def getHomeDir(self):
        return filepath.FilePath("/")

    def _runAsUser(self, function, *args, **kwargs):
        """Conch's own takes one function, or a list of (function, arguments)."""
        calls = [(function, args)] if callable(function) else function
        for call, arguments in calls:
            result = call(*arguments, **kwargs)
        return result


components.registerAdapter(SFTPServerForUnixConchUser, User, filetransfer.ISFTPServer)


@implementer(portal.IRealm)
class Realm:
    def requestAvatar(self, avatarId, mind, *wanted):
        return interfaces.IConchUser, User(), lambda: None


class EveryUser(dict):
    def __init__(self, authorized):
        super().__init__()
        self.authorized = authorized

    def get(self, username, default=None):
        return self.authorized

    def __getitem__(self, username):
        return self.authorized


def main(port, host_key_file, authorized_keys_file):
    host_key = keys.Key.fromFile(host_key_file)
    with open(authorized_keys_file, "rb") as lines:
        authorized = [keys.Key.fromString(line) for line in lines if line.strip()]
    server = factory.SSHFactory()
    server.publicKeys = {b"ssh-ed25519": host_key.public()}
    server.privateKeys = {b"ssh-ed25519": host_key}
    checker = SSHPublicKeyChecker(InMemorySSHKeyDB(EveryUser(authorized)))
    server.portal = portal.Portal(Realm(), [checker])
    reactor.listenTCP(int(port), server, interface="127.0.0.1")
    reactor.run()


main(*sys.argv[1:])
