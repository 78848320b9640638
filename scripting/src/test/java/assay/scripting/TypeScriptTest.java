package assay.scripting;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Scripts that are JavaScript once their types are left out.
class TypeScriptTest extends WithSandbox {
    @Override
    Sandbox open() {
        return new InProcessSandbox();
    }

    @Nested
    class Types {
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "interface A { key: number; n?: string }\nconst a: A = { key: 5 }\na.key",
                    "type Names = string[] | null\nconst f = (x: number, y?: string): number => x as number\nf(5)",
                    "const o = { a: 1 as number, b: <T,>(x: T) => x }\no!.b<number>(5)",
                    "class A<T> implements Iterable<T> { private readonly x: number = 5; static y?: string; declare z: string; get v(): number { return this.x } foo?(): void { } }\nnew A<number>().v",
                    "const f = (a: number): {\n  b: number\n} => ({ b: a })\nf(5).b",
                    "async (): Promise<number> => { return 5 }",
                    "async function main(n: number = 5): Promise<number> { return n }\nmain()",
                    "import type { Foo } from 'elsewhere'\nimport { type Bar, Event } from 'assay'\ntypeof Event.create === 'function' ? 5 : 0",
                    "export default async function main(): Promise<number> { return 5 }",
                    "function f(this: Window, a: number): void\nfunction f(this: any, a: number) { return a }\nf(5)",
                    "for (let i: number = 0, x: number; i < 3; i++) { }\nconst t = (a: string, ...r: number[]) => r.length + 4\nt('a', 1) satisfies number",
                    "declare const foo: string\ndeclare function bar(a: string): void\nabstract class Q { abstract m(): void; protected k = 5 }\nclass R extends Q { override m() { } public get z() { return this.k } }\nnew R().z",
                    "const b: number | undefined = undefined\n5 + (b?.toFixed() ?? 0 as number)",
                    "let x!: number\ntry { x = 5 } catch (e: unknown) { }\nx",
                    "const m = new Map<string, Array<number>>([['a', [5]]]);\n(m.get('a') as number[])[0]",
                    "const { a, b }: { a: number; b?: string } = { a: 5 }\na",
                    "```ts\nconst n: number = 5\nn\n```"
                })
        void are_left_out(String source) {
            assertThat(run(source)).isEqualTo(returned("5"));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "const x = 5 as number\n(1)\nx",
                    "let a\na = 4 as any\n[1].forEach((n: number) => { a += n })\na",
                    "const f = () => 5\ninterface A { }\n(1)\nf()",
                    "class A {\n  x: number\n  ['y']: number = 5\n}\nnew A().y",
                    "class A {\n  x = 1\n  private ['y'] = 5\n}\nnew A().y"
                })
        void leave_the_end_of_their_statement_behind(String source) {
            assertThat(run(source)).isEqualTo(returned("5"));
        }

        @Test
        void leave_every_place_where_it_was() {
            assertThat(run("const a: { b: string } | null = null as any; a!.b"))
                    .isEqualTo(
                            threw(
                                    "TypeError: Cannot read property 'b' of null",
                                    1,
                                    46,
                                    "const a: { b: string } | null = null as any; a!.b"));
            assertThat(
                            run(
                                    "interface A {\n  n: number\n}\nconst f = async (a: A): Promise<void> => {\n  throw new Error('here') as unknown\n}\nawait f({ n: 1 })"))
                    .isEqualTo(threw("here", 5, 9, "  throw new Error('here') as unknown"));
        }
    }

    @Nested
    class What_is_more_than_types {
        private static final String PLAIN =
                "Write it in plain JavaScript; annotations, interfaces, type aliases, as and satisfies may stay.";

        @Test
        void is_refused_by_what_it_is() {
            assertThat(run("const a: number = 1\n  enum Color { Red }"))
                    .isEqualTo(
                            unreadable(
                                    "An enum is TypeScript that is more than types, and only types can be left out.",
                                    "Write it as an object: const Color = { Red: 'red' }.",
                                    2,
                                    3,
                                    "  enum Color { Red }"));
            assertThat(run("namespace X { export const a = 1 }"))
                    .isEqualTo(
                            unreadable(
                                    "A namespace is TypeScript that is more than types, and only types can be left out.",
                                    PLAIN,
                                    1,
                                    1,
                                    "namespace X { export const a = 1 }"));
            assertThat(run("class P { constructor(private x: number) { } }"))
                    .isEqualTo(
                            unreadable(
                                    "A parameter with public, private, protected or readonly before it is TypeScript"
                                            + " that is more than types, and only types can be left out.",
                                    PLAIN,
                                    1,
                                    23,
                                    "class P { constructor(private x: number) { } }"));
            assertThat(run("@logged class P { x: number }"))
                    .isEqualTo(
                            unreadable(
                                    "A decorator is TypeScript that is more than types, and only types can be left out.",
                                    PLAIN,
                                    1,
                                    1,
                                    "@logged class P { x: number }"));
        }
    }

    @Nested
    class Text_that_is_neither {
        @Test
        void is_reported_as_the_engine_sees_it() {
            assertThat(run("const a: = 5"))
                    .isEqualTo(
                            unreadable(
                                    "Missing assignment to constant \"a\"", 1, 8, "const a: = 5"));
        }

        @Test
        void with_an_await_in_a_plain_function_is_told_to_make_it_async() {
            assertThat(run("const f = (plan) => {\n  await $.Event.create({})\n}"))
                    .isEqualTo(
                            unreadable(
                                    "await stands in a function that is not async.",
                                    "Write async before the function that it stands in: async (experiment) => { … }.",
                                    2,
                                    3,
                                    "  await $.Event.create({})"));
        }

        @Test
        void is_told_how_to_repair_a_common_mistake() {
            assertThat(run("const s = 'abc\ns"))
                    .isEqualTo(
                            unreadable(
                                    "Missing close quote",
                                    "Close the string on its line, or write it between ` and `.",
                                    1,
                                    15,
                                    "const s = 'abc"));
            assertThat(run("const a = 1\nconst a = 2"))
                    .isEqualTo(
                            unreadable(
                                    "Variable \"a\" has already been declared",
                                    "Give one of the two another name, or leave out the second const, let, var, function"
                                            + " or class.",
                                    2,
                                    7,
                                    "const a = 2"));
            assertThat(run("const a = 1 b = 2"))
                    .isEqualTo(
                            unreadable(
                                    "Expected ; but found b",
                                    "Begin a new line or write ; between the two statements, or add the operator that is"
                                            + " missing there.",
                                    1,
                                    13,
                                    "const a = 1 b = 2"));
        }
    }
}
