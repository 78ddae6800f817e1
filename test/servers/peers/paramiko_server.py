"""An SFTP server on paramiko's server classes: PORT HOST_KEY AUTHORIZED_KEYS.

paramiko leaves the file operations to its user; these are the ones of its own documentation: the file system as it is.
"""
import os
import socket
import sys
import threading

import paramiko


class KeyOnlyServer(paramiko.ServerInterface):
    def __init__(self, keys):
        self.keys = keys

    def get_allowed_auths(self, username):
        return "publickey"

    def check_auth_publickey(self, username, key):
        return paramiko.AUTH_SUCCESSFUL if key in self.keys else paramiko.AUTH_FAILED

    def check_channel_request(self, kind, chanid):
        return paramiko.OPEN_SUCCEEDED if kind == "session" else paramiko.OPEN_FAILED_ADMINISTRATIVELY_PROHIBITED


class FileHandle(paramiko.SFTPHandle):
    def stat(self):
        return paramiko.SFTPAttributes.from_stat(os.fstat(self.readfile.fileno()))


class FileSystem(paramiko.SFTPServerInterface):
    def stat(self, path):
        return self._attributes(os.stat, path)

    def lstat(self, path):
        return self._attributes(os.lstat, path)

    def _attributes(self, look, path):
        try:
            return paramiko.SFTPAttributes.from_stat(look(path))
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno)

    def open(self, path, flags, attr):
        try:
            handle = FileHandle(flags)
            handle.readfile = open(path, "rb")
            return handle
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno)


def serve(connection, host_key, keys):
    transport = paramiko.Transport(connection)
    transport.add_server_key(host_key)
    transport.set_subsystem_handler("sftp", paramiko.SFTPServer, FileSystem)
    try:
        transport.start_server(server=KeyOnlyServer(keys))
    except (EOFError, paramiko.SSHException):
        transport.close()


def read_keys(path):
    kinds = {"ssh-ed25519": paramiko.Ed25519Key, "ssh-rsa": paramiko.RSAKey}
    with open(path, encoding="ascii") as lines:
        fields = [line.split() for line in lines if line.strip()]
    return [kinds[kind](data=paramiko.py3compat.decodebytes(data.encode())) for kind, data, *_ in fields]


def main(port, host_key_file, authorized_keys_file):
    host_key = paramiko.Ed25519Key(filename=host_key_file)
    keys = read_keys(authorized_keys_file)
    listener = socket.create_server(("127.0.0.1", int(port)), backlog=64)
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection, host_key, keys), daemon=True).start()


main(*sys.argv[1:])
