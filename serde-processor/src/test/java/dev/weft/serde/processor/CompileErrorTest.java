package dev.weft.serde.processor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each error stands on the line of the offending component or parameter, and says what to do. */
final class CompileErrorTest {
    @TempDir
    Path scratch;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Object              | type java.lang.Object has no codec: use a sealed interface whose cases are records
            Thread              | type java.lang.Thread has no codec: use a record, an enum or a sealed interface, annotated with @Serde
            int[]               | type int[] has no codec: use List, or byte[] or MemorySegment for bytes
            java.util.ArrayList<String> | type java.util.ArrayList<java.lang.String> has no codec: use List
            java.util.TreeMap<String, String> | type java.util.TreeMap<java.lang.String,java.lang.String> has no codec: use Map
            java.nio.ByteBuffer | type java.nio.ByteBuffer has no codec: use MemorySegment
            java.util.List      | type java.util.List has no codec: say of which type its elements are
            java.util.List<Thread.State> | type java.lang.Thread.State has no codec: annotate State with @Serde
            java.util.Optional<java.util.Optional<String>> | type java.util.Optional<java.util.Optional<java.lang.String>> has no codec: use one Optional: two cannot be told apart in JSON
            """)
    void aTypeWithoutCodecIsRefusedWhereItStands(String type, String message) {
        assertEquals(List.of("5: bad: " + message), errorsOfRecord("%s bad".formatted(type)));
    }

    @Test
    void aNullableComponentIsRefused() {
        assertEquals(
                List.of("5: bad is @Nullable, and null cannot be sent: use Optional"),
                errorsOfRecord("@org.jspecify.annotations.Nullable String bad"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            @Default("many") int bad | @Default("many") is not a value of int: write a number
            @Default("300") byte bad | @Default("300") is not a value of byte: write a number
            @Default("yes") boolean bad | @Default("yes") is not a boolean: write true or false
            @Default("NaN") double bad | @Default cannot be NaN: write a finite number
            @Default("x") java.util.UUID bad | bad: @Default is for numbers, booleans, strings and enums: remove it
            """)
    void aDefaultThatDoesNotFitIsRefused(String component, String message) {
        assertEquals(List.of("5: " + message), errorsOfRecord(component));
    }

    @Test
    void aDefaultMustBeAConstantOfTheEnum() {
        assertEquals(List.of("3: @Default(\"PINK\") is not a constant of Color: write the name of one"), errors("""
                        package t; import dev.weft.serde.*;
                        @Serde public record Bad(
                                @Default("PINK") Color color) {}
                        @Serde enum Color { RED }
                        """));
    }

    @Test
    void aTypeThatContainsItselfWithoutEndIsRefused() {
        assertEquals(
                List.of("3: Bad contains itself without end: put an Optional or a List in between"
                        + ", or another case of the sealed interface first"),
                errors("""
                        package t; import dev.weft.serde.*;
                        @Serde public record Bad(
                                Bad next) {}
                        """));
    }

    @Test
    void casesWithTheSameTagAreRefused() {
        assertEquals(List.of("4: B has the same tag 1 as A: give it another with @Tag"), errors("""
                        package t; import dev.weft.serde.*;
                        @Serde public sealed interface Bad {
                            @Serde @Tag(1) record A() implements Bad {}
                            @Serde @Tag(1) record B() implements Bad {}
                        }
                        """));
    }

    @Test
    void aCaseWithoutAnnotationIsRefused() {
        assertEquals(List.of("3: A is a case of a union: annotate it with @Serde"), errors("""
                        package t; import dev.weft.serde.*;
                        @Serde public sealed interface Bad {
                            record A() implements Bad {}
                        }
                        """));
    }

    @Test
    void anUnknownCaseOfAnotherShapeIsRefused() {
        assertEquals(
                List.of("4: an @Unknown case keeps what came: declare it as record (int tag, MemorySegment body)"),
                errors("""
                        package t; import dev.weft.serde.*;
                        @Serde public sealed interface Bad {
                            @Serde record A() implements Bad {}
                            @Unknown record B(int tag) implements Bad {}
                        }
                        """));
    }

    @Test
    void aClassIsRefused() {
        assertEquals(
                List.of("2: Bad cannot be @Serde: make it a record, an enum or a sealed interface of records"),
                errors("""
                        package t; import dev.weft.serde.*;
                        @Serde public class Bad {}
                        """));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            int bad(int a, int b);          | bad takes 2 parameters: put them in one record
            int bad(Object a);              | a: type java.lang.Object has no codec: use a sealed interface whose cases are records
            Object bad();                   | bad: type java.lang.Object has no codec: use a sealed interface whose cases are records
            <T> void bad();                 | bad is generic: use fixed types
            @OneWay int bad();              | bad is @OneWay and returns a value, which cannot come back: make it void
            @OneWay void bad() throws java.io.IOException; | bad is @OneWay, so that no exception can come back: declare none
            void bad() throws java.io.IOException; | IOException is declared, but has no method detail(): add one that returns a @Serde type
            @OneWay void bad(StreamReader<String> a); | bad is @OneWay and has a stream, which nobody would wait for: remove one
            void bad(StreamReader a);       | a: say of which type the stream's items are
            void bad(StreamWriter<Object> a); | a: type java.lang.Object has no codec: use a sealed interface whose cases are records
            void bad(StreamWriter<String> a, StreamWriter<String> b); | bad writes two streams: put what they bring in one sealed interface of records
            StreamReader<String> bad();     | bad: type dev.weft.rpc.StreamReader<java.lang.String> has no codec: for many results, take a StreamWriter as a parameter
            void bad(int a); void bad();    | bad is overloaded: on the wire a method is its name; rename one
            """)
    void aServiceMethodThatCannotBeCalledIsRefused(String method, String message) {
        assertEquals(
                List.of("3: " + message),
                InMemoryCompiler.process(scratch, RpcSources.with("""
                        package t; import dev.weft.rpc.*;
                        @RpcService public interface Bad {
                            %s
                        }
                        """.formatted(method)))
                        .errors());
    }

    private List<String> errorsOfRecord(String component) {
        return errors("""
                package t;
                import dev.weft.serde.*;
                @Serde
                public record Bad(int good,
                        %s) {}
                """.formatted(component));
    }

    private List<String> errors(String source) {
        return InMemoryCompiler.process(scratch, source).errors();
    }
}
