"""Calls everything.thrift's services as any Python program would: matrix.py GENERATED PORT binary|compact"""
import sys

sys.path.insert(0, sys.argv[1])

from thrift.Thrift import TApplicationException
from thrift.protocol import TBinaryProtocol, TCompactProtocol
from thrift.protocol.TMultiplexedProtocol import TMultiplexedProtocol
from thrift.transport import TSocket, TTransport

from everything import Calls, Other
from everything.ttypes import Choice, Color, Everything, NotFound, Point, Refused, Tree

PROTOCOLS = {
    'binary': TBinaryProtocol.TBinaryProtocol,
    'compact': TCompactProtocol.TCompactProtocol,
}

checks = 0


def same(expected, actual):
    global checks
    checks += 1
    if expected != actual:
        raise AssertionError('expected %r, got %r' % (expected, actual))


def thrown(kind, call, *arguments):
    global checks
    checks += 1
    try:
        call(*arguments)
    except kind as e:
        return e
    raise AssertionError('no %s' % kind.__name__)


transport = TTransport.TFramedTransport(TSocket.TSocket('127.0.0.1', int(sys.argv[2])))
transport.open()
protocol = PROTOCOLS[sys.argv[3]](transport)
calls = Calls.Client(TMultiplexedProtocol(protocol, 'Calls'))
other = Other.Client(TMultiplexedProtocol(protocol, 'Other'))

full = Everything(
    yes=True, small=-5, medium=-300, normal=-2 ** 31, big=-2 ** 63, real=-0.1, text='gr\u00fc\u00dfe \U0001f600',
    bytes=b'\x00\xff\x80\n', color=Color.BLUE, point=Point(3, -4), choice=Choice(points=[Point(1, 2)]),
    names=['a', '', 'b'], numbers={1, -1, 2 ** 30}, counts={'one': 1, 'many': 2 ** 63 - 1},
    nested={7: [{'p': Point(5, 6)}, {}]}, mandatory=1, maybe='there', preset=43, flags=[True, False, True],
    colors={Color.RED, Color.GREEN}, groups={'g': {'x', 'y'}}, blobs=[b'\x01', b''],
    reals=[1.7976931348623157e308, float('-inf')], far=99)
same(full, calls.echo(full))
for choice in (Choice(text='t'), Choice(number=-1), Choice(point=Point(1, 1)), Choice(points=[])):
    same(choice, calls.echo(Everything(mandatory=0, choice=choice)).choice)
empty = calls.echo(Everything(mandatory=0))
# Java has no way not to set a number that is not optional.
same((None, None, None, 42), (empty.maybe, empty.absent, empty.names, empty.preset))

same(5, calls.add(2, 3))
same(None, calls.nothing())
same('1.0', calls.version())
missing = thrown(NotFound, calls.find, 'missing')
same(('missing', 404), (missing.what, missing.code))
same('not for you', thrown(Refused, calls.find, 'forbidden').why)
same('not fine', thrown(Refused, calls.check, False).why)
same(None, calls.check(True))

calls.note('first')
calls.note('second')
same(['first', 'second'], calls.notes())

for length in (0, 1, 65536, 5000001):
    same(b'x' * length, calls.blob(b'x' * length))
same(3, calls.depth(Tree('a', [Tree('b', [Tree('c', [])])])))

unknown = Calls.Client(TMultiplexedProtocol(protocol, 'Other'))
same(TApplicationException.UNKNOWN_METHOD, thrown(TApplicationException, unknown.find, 'it').type)
same(TApplicationException.INTERNAL_ERROR, thrown(TApplicationException, calls.fail, 'unchecked').type)
same(TApplicationException.MISSING_RESULT, thrown(TApplicationException, calls.nullResult).type)

same('the other', other.whoAreYou())
same(-1, other.add(2, 3))
for i in range(200):
    same(i + 1, calls.add(i, 1))

# The last thing a client may do before it leaves.
calls.note('last')
transport.close()
print('%d checks' % checks)
