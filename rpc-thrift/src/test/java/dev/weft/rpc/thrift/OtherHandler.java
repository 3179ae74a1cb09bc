package dev.weft.rpc.thrift;

import dev.weft.rpc.thrift.generated.Other;

/** Has a method of the same name as the first service, and does something else in it. */
final class OtherHandler implements Other.Iface {
    @Override
    public String whoAreYou() {
        return "the other";
    }

    @Override
    public int add(int a, int b) {
        return a - b;
    }
}
