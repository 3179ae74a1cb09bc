package dev.weft.rpc;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.state.Action;
import net.jqwik.api.state.ActionChain;
import net.jqwik.api.state.ActionChainArbitrary;
import net.jqwik.api.state.Transformer;

/** Whatever is done to a pool, in any order. */
final class BufferPoolProperties {
    @Property(tries = 300)
    void noTwoBuffersOverlapNothingIsLostAndThoseThatWaitAreServedInOrder(
            @ForAll("anyOrder") ActionChain<BufferPoolModel> actions) {
        BufferPoolModel model = actions.run();
        model.closeAll();
    }

    @Provide
    ActionChainArbitrary<BufferPoolModel> anyOrder() {
        return ActionChain.startWith(BufferPoolModel::new)
                .withAction(6, new Step("acquire", sizes(), BufferPoolModel::acquire))
                .withAction(3, new Step("wait", sizes(), BufferPoolModel::acquireOrWait))
                .withAction(1, new Step("register", sizes(), BufferPoolModel::register))
                .withAction(6, new Step("close", choices(), BufferPoolModel::close))
                .withAction(2, new Step("grant", choices(), BufferPoolModel::grant))
                .withAction(1, new Step("revoke", choices(), BufferPoolModel::revoke))
                .withAction(2, new Step("pin", choices(), BufferPoolModel::pin))
                .withAction(2, new Step("unpin", choices(), BufferPoolModel::unpin))
                .withAction(1, new Step("interrupt", choices(), BufferPoolModel::interrupt))
                .withAction(1, new Step("advance", choices(), BufferPoolModel::advance))
                .withMaxTransformations(120);
    }

    private static Arbitrary<Integer> sizes() {
        return Arbitraries.integers().between(0, BufferPoolModel.BUFFER_BYTES_MAX);
    }

    private static Arbitrary<Integer> choices() {
        return Arbitraries.integers().between(0, 1000);
    }

    /** One thing to do with a number, after which everything is checked. */
    private record Step(String name, Arbitrary<Integer> numbers, Operation operation)
            implements Action.Independent<BufferPoolModel> {
        @Override
        public Arbitrary<Transformer<BufferPoolModel>> transformer() {
            return numbers.map(number -> Transformer.mutate(name + " " + number, model -> {
                operation.apply(model, number);
                model.check();
            }));
        }
    }

    private interface Operation {
        void apply(BufferPoolModel model, int number);
    }
}
