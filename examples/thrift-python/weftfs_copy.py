#!/usr/bin/python3
"""Copies files into Weft FS and out of it, through the Thrift gateway.

    weftfs_copy.py [--gateway HOST:PORT] put LOCAL PATH
    weftfs_copy.py [--gateway HOST:PORT] get PATH LOCAL
    weftfs_copy.py [--gateway HOST:PORT] ls PATH
"""
import argparse
import os
import sys

# Where `thrift --gen py` has put what it made of weftfs.thrift.
sys.path.insert(0, os.environ.get('WEFTFS_GENERATED', os.path.join(os.path.dirname(__file__), 'gen-py')))

from thrift.protocol.TCompactProtocol import TCompactProtocol
from thrift.transport.TSocket import TSocket
from thrift.transport.TTransport import TFramedTransport

from weftfs import WeftFs
from weftfs.ttypes import Fault, FaultKind, FileKind

PIECE_BYTES = 4 << 20
PAGE_ENTRIES = 1000


def put(fs, local, path):
    """Copies a local file to a new path, or over the file that is there."""
    with open(local, 'rb') as source:
        handle = fs.create(path, False)
        offset = 0
        while piece := source.read(PIECE_BYTES):
            fs.write(handle, offset, piece)
            offset += len(piece)
        # Only now is the file as long as it should be, and stored.
        info = fs.close(handle)
    print('%s: %d bytes' % (path, info.length))


def get(fs, path, local):
    """Copies a file out."""
    with open(local, 'wb') as target:
        offset = 0
        while piece := fs.read(path, offset, PIECE_BYTES):
            target.write(piece)
            offset += len(piece)
    print('%s: %d bytes' % (local, offset))


def ls(fs, path):
    """Prints a directory, page by page."""
    after, more = '', True
    while more:
        page = fs.listDirectory(path, after, PAGE_ENTRIES)
        for entry in page.entries:
            print('%12d  %s%s' % (entry.length, entry.name, '/' if entry.kind == FileKind.DIRECTORY else ''))
            after = entry.name
        more = page.more


def main():
    parser = argparse.ArgumentParser(description='Copies files into Weft FS and out of it.')
    parser.add_argument('--gateway', default='127.0.0.1:7300', metavar='HOST:PORT')
    parser.add_argument('action', choices=['put', 'get', 'ls'])
    parser.add_argument('paths', nargs='+', metavar='PATH')
    arguments = parser.parse_args()
    action = {'put': put, 'get': get, 'ls': ls}[arguments.action]
    host, port = arguments.gateway.rsplit(':', 1)
    transport = TFramedTransport(TSocket(host, int(port)))
    transport.open()
    try:
        action(WeftFs.Client(TCompactProtocol(transport)), *arguments.paths)
    except Fault as fault:
        sys.exit('%s: %s' % (FaultKind._VALUES_TO_NAMES.get(fault.kind, fault.kind), fault.message))
    finally:
        transport.close()


if __name__ == '__main__':
    main()
