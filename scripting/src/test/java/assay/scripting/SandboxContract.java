package assay.scripting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What scripts can do in any sandbox, and what comes of it.
abstract class SandboxContract extends WithSandbox {
    @Nested
    class The_result {
        @Test
        void is_the_last_expression() {
            assertThat(run("const a = 20;\na + 1")).isEqualTo(returned("21"));
        }

        @Test
        void is_what_is_returned() {
            assertThat(run("if (true) { return { a: [1, 'b'] } }\n5"))
                    .isEqualTo(returned("{\"a\":[1,\"b\"]}"));
        }

        @Test
        void may_be_awaited_at_the_top() {
            assertThat(run("const a = await Promise.resolve(3)\nawait Promise.resolve(a + 1)"))
                    .isEqualTo(returned("4"));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    "  \n// nothing\n",
                    "const a = 1",
                    "undefined",
                    "for (const a of [1]) {\n  a\n}",
                    "if (true)\n  5",
                    "function f() { return 1 }\nfunction g() { return 2 }",
                    "class A {}",
                    "(a, b) => a + b",
                    "return\n5"
                })
        void is_null_when_the_script_has_none(String source) {
            assertThat(run(source)).isEqualTo(returned("null"));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "5;",
                    "5 // five",
                    "5; // five; really",
                    "'5' - '0; // x'.length + 7",
                    "5;\n/* five\n; */ // and no more\n;;",
                    "'use strict'; 5",
                    "const a = [\n  1,\n  4\n]\na\n  .map(x => x)\n  .reduce((x, y) => x + y)",
                    "`${\n  'a'\n}\n`.length + 3",
                    "const f = async () => {\n  return 5\n}\nf()",
                    "// why\n({ a: 5 }).a",
                    "let a = 4; ++a",
                    "const r = /['(]/; 5",
                    "const f = () => /`/\n5",
                    "const f = () => { return /[(/]/ }\n5",
                    "const s = `${[1].map(x => `{${x}`)}`; 5",
                    "const s = '\\'('\n5",
                    "\uFEFF5"
                })
        void is_found_wherever_the_last_expression_begins_and_ends(String source) {
            assertThat(run(source)).isEqualTo(returned("5"));
        }

        @Test
        void is_found_when_the_last_expression_is_long() {
            var object =
                    IntStream.range(0, 400)
                            .mapToObj("  a%d: 1"::formatted)
                            .collect(Collectors.joining(",\n", "({\n", "\n})"));
            assertThat(run("const a = 1;\nObject.keys(" + object + ").length"))
                    .isEqualTo(returned("400"));
        }

        @Test
        void is_an_object_when_the_script_is_an_object_literal() {
            assertThat(run("{ a: 1, b: 2 }")).isEqualTo(returned("{\"a\":1,\"b\":2}"));
        }

        @Test
        void is_what_a_thenable_settles_with() {
            assertThat(run("({ then(settle) { settle({ then(again) { again(7) } }) } })"))
                    .isEqualTo(returned("7"));
        }

        @Test
        void is_what_toJSON_and_getters_make_of_it() {
            assertThat(run("[new Date(0), { toJSON: () => 'own' }, { get a() { return 1 } }, NaN]"))
                    .isEqualTo(returned("[\"1970-01-01T00:00:00.000Z\",\"own\",{\"a\":1},null]"));
        }

        @Test
        void keeps_every_character() {
            assertThat(run("const 変数 = 'é😀\\u2028\\ud800'; 変数"))
                    .isEqualTo(returned("\"é😀\u2028\\ud800\""));
        }
    }

    @Nested
    class A_script_may_come_as {
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "```\n5\n```",
                    "```js\nconst a = 4\na + 1\n```\n",
                    "\n  ```javascript\r\n5\r\n```",
                    "```ts\n5```"
                })
        void fenced_code(String source) {
            assertThat(run(source)).isEqualTo(returned("5"));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "async () => {\n  return await 5\n}",
                    "(async () => { return 5 });",
                    "() => 5",
                    "async function main() {\n  return 5\n}",
                    "function () { return 5 }",
                    "// wrapped\n(async () => {\n  return 5\n})()",
                    "import { Event } from 'assay'\nasync () => { return typeof Event.create === 'function' ? 5 : 0 }"
                })
        void one_function_around_everything(String source) {
            assertThat(run(source)).isEqualTo(returned("5"));
        }
    }

    @Nested
    class An_import {
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "import { Experiment } from '@headlessly/experiments'\nExperiment === $.Experiment",
                    "import { Experiment as E, Event, } from \"@headlessly/events\";\nE === $.Experiment && Event === $.Event",
                    "/* first */ import {\n  Experiment,\n  search\n} from 'assay';\nsearch === $.search && Experiment === $.Experiment",
                    "import { $ } from 'assay'\n$.Event === $.Event",
                    "import { $ as all, default as same } from 'assay'\nall === $ && same === $",
                    "import * as all from 'assay'\nall === $",
                    "import all from 'assay'; import $ from 'assay'\nall === $",
                    "import all, { Event } from 'assay'\nall.Event === Event",
                    "import 'assay'\ntrue"
                })
        void of_our_names_gives_members_of_$(String source) {
            assertThat(run(source)).isEqualTo(returned("true"));
        }

        @Test
        void keeps_the_lines_below_it_where_they_are() {
            assertThat(run("import {\n  Event\n} from 'assay'\nthrow new Error('here')"))
                    .isEqualTo(threw("here", 4, 7, "throw new Error('here')"));
        }

        @Test
        void of_anything_else_is_refused_by_name() {
            assertThat(run("\nimport { readFile } from 'node:fs'\n1"))
                    .isEqualTo(
                            unreadable(
                                    "There is no module 'node:fs' here. Scripts can import from"
                                            + " '@headlessly/experiments' and from 'assay';"
                                            + " everything else they need is in $.",
                                    "Leave the import out and use the members of $: every type is one of them.",
                                    2,
                                    1,
                                    "import { readFile } from 'node:fs'"));
        }

        @Test
        void of_a_name_that_does_not_exist_says_which_do() {
            assertThat(run("import { Experimant } from 'assay'\n1"))
                    .isEqualTo(
                            refused(
                                    "There is no 'Experimant' in $. Did you mean Experiment?",
                                    "{\"reason\":\"unknown_type\","
                                            + "\"message\":\"There is no 'Experimant' in $. Did you mean Experiment?\","
                                            + "\"repair\":\"Use $.Experiment, or another of Event, search, fetch.\",\"given\":\"Experimant\",\"suggestion\":\"Experiment\"}",
                                    1,
                                    1,
                                    "import { Experimant } from 'assay'"));
        }

        @Test
        void that_is_written_wrong_is_refused() {
            assertThat(run("import { a b } from 'assay'"))
                    .isEqualTo(
                            unreadable(
                                    "This import cannot be read.",
                                    1,
                                    1,
                                    "import { a b } from 'assay'"));
        }

        @Test
        void further_down_is_refused() {
            assertThat(run("const a = 1\nimport { Event } from 'assay'"))
                    .isEqualTo(
                            unreadable(
                                    "An import must stand at the top of the script, before"
                                            + " anything else.",
                                    2,
                                    1,
                                    "import { Event } from 'assay'"));
        }

        @Test
        void at_run_time_finds_nothing() {
            assertThat(run("await import('f' + 's')"))
                    .isEqualTo(
                            threw(
                                    "Operation is not allowed for: fs",
                                    1,
                                    7,
                                    "await import('f' + 's')"));
        }
    }

    @Nested
    class Text_that_is_not_JavaScript {
        @Test
        void is_reported_where_it_breaks_on_the_first_line() {
            assertThat(run("let b = = 2"))
                    .isEqualTo(unreadable("Expected an operand but found =", 1, 9, "let b = = 2"));
        }

        @Test
        void is_reported_where_it_breaks_further_down() {
            assertThat(run("```js\nlet a = 1\n  let b = = 2\na\n```"))
                    .isEqualTo(
                            unreadable("Expected an operand but found =", 3, 11, "  let b = = 2"));
        }

        @Test
        void may_just_end_too_early() {
            assertThat(run("const a = [1,\n  foo("))
                    .isEqualTo(
                            unreadable(
                                    "The script ends where more of it was expected.",
                                    "Close the '(' of line 2, column 6, or send the part of the script that is missing.",
                                    2,
                                    7,
                                    "  foo("));
        }

        @Test
        void may_try_to_export() {
            assertThat(run("const a = 1\nexport { a }"))
                    .isEqualTo(
                            unreadable(
                                    "A script cannot export. Its result is its last expression, or"
                                            + " what it returns.",
                                    2,
                                    1,
                                    "export { a }"));
        }

        @Test
        void is_told_from_a_syntax_error_at_run_time() {
            assertThat(run("const a = 1\neval('let = =')")).isInstanceOf(Outcome.Threw.class);
        }
    }

    @Nested
    class A_thrown_error {
        @Test
        void carries_its_message_and_its_place() {
            assertThat(run("const a = 1\nif (a) {\n  throw new Error('no good')\n}"))
                    .isEqualTo(threw("no good", 3, 9, "  throw new Error('no good')"));
        }

        @Test
        void carries_its_name_when_that_says_something() {
            assertThat(run("const a = null\n  a.b"))
                    .isEqualTo(threw("TypeError: Cannot read property 'b' of null", 2, 3, "  a.b"));
        }

        @Test
        void is_placed_in_the_function_that_threw_it() {
            assertThat(run("const f = async () => {\n  await null\n  null.x\n}\nawait f()"))
                    .isEqualTo(
                            threw("TypeError: Cannot read property 'x' of null", 3, 3, "  null.x"));
        }

        @Test
        void is_placed_behind_what_was_put_in_front_of_the_last_expression() {
            assertThat(run("1; missing + 1"))
                    .isEqualTo(
                            threw(
                                    "ReferenceError: missing is not defined",
                                    1,
                                    4,
                                    "1; missing + 1"));
        }

        @Test
        void in_a_text_given_to_eval_is_placed_at_the_call() {
            assertThat(run("const a = 1\neval('null.x')"))
                    .isEqualTo(
                            threw(
                                    "TypeError: Cannot read property 'x' of null",
                                    2,
                                    1,
                                    "eval('null.x')"));
        }

        @Test
        void may_be_no_error_at_all() {
            assertThat(
                            List.of(
                                    run("throw 'text'"),
                                    run("throw { a: 1 }"),
                                    run("throw undefined"),
                                    run("throw null")))
                    .isEqualTo(
                            List.of(
                                    threwNowhere("text"),
                                    threwNowhere("{\"a\":1}"),
                                    threwNowhere("undefined"),
                                    threwNowhere("null")));
        }

        @Test
        void is_cut_when_its_message_is_long() {
            assertThat(run("throw 'x'.repeat(5000)"))
                    .isEqualTo(threwNowhere("x".repeat(599) + "…"));
        }

        @Test
        void has_its_line_quoted_up_to_200_characters() {
            assertThat(run("throw new Error('a') // " + "x".repeat(500)))
                    .isEqualTo(threw("a", 1, 7, "throw new Error('a') // " + "x".repeat(176)));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "throw { toJSON() { throw 1 }, toString() { throw 2 } }",
                    "throw Object.create(null, { toJSON: { get() { throw 1 } } })",
                    "const e = new Error('a'); Object.defineProperty(e, 'message', { get() { throw e } }); throw e",
                    "throw Object.assign(new Error(''), { name: { toString() { throw 1 } } })"
                })
        void that_cannot_be_printed_is_said_to_be_so(String source) {
            assertThat(run(source))
                    .extracting(it -> ((Outcome.Threw) it).message())
                    .isEqualTo("[cannot be printed]");
        }

        @Test
        void in_the_middle_of_writing_the_result_is_one_too() {
            assertThat(run("const o = {}; o.o = o; o"))
                    .isEqualTo(
                            threwNowhere(
                                    "The result cannot be written as JSON: TypeError: Converting"
                                            + " circular structure to JSON"));
            assertThat(run("({ get a() { throw new Error('mine') } })"))
                    .isEqualTo(
                            threw(
                                    "The result cannot be written as JSON: mine",
                                    1,
                                    20,
                                    "({ get a() { throw new Error('mine') } })"));
        }

        @Test
        void nobody_awaited_is_an_error_all_the_same() {
            assertThat(run("const f = async () => { throw new Error('lost') }\nf()\n5"))
                    .isEqualTo(
                            threw(
                                    "lost",
                                    1,
                                    31,
                                    "const f = async () => { throw new Error('lost') }"));
        }

        @Test
        void that_is_handled_later_is_none() {
            assertThat(
                            run(
                                    "const p = Promise.reject(new Error('a')); await null; await p.catch(() => 5)"))
                    .isEqualTo(returned("5"));
        }
    }

    @Nested
    class A_function_of_$ {
        @Test
        void gets_its_arguments_and_gives_its_answer_as_data() {
            var world = new World();
            var outcome =
                    run(
                            """
                            const a = await $.Experiment.create({ name: 'é', at: new Date(0) }, [1, undefined])
                            const b = await $.search()
                            return { a, b }\
                            """,
                            world);
            assertThat(outcome)
                    .isEqualTo(
                            returned(
                                    "{\"a\":[{\"name\":\"é\",\"at\":\"1970-01-01T00:00:00.000Z\"},[1,null]],\"b\":[]}"));
            assertThat(world.calls())
                    .containsExactly(
                            "Experiment.create[{\"name\":\"é\",\"at\":\"1970-01-01T00:00:00.000Z\"},[1,null]]",
                            "search[]");
        }

        @Test
        void is_called_in_the_order_in_which_the_script_calls() {
            var world = new World();
            assertThat(
                            run(
                                    "(await Promise.all([1, 2, 3].map(i => $.Event.create(i)))).flat()",
                                    world))
                    .isEqualTo(returned("[1,2,3]"));
            assertThat(world.calls())
                    .containsExactly("Event.create[1]", "Event.create[2]", "Event.create[3]");
        }

        @Test
        void may_be_null() {
            assertThat(run("[$.Experiment.update, 'update' in $.Experiment]"))
                    .isEqualTo(returned("[null,true]"));
        }

        @Test
        void that_does_not_exist_says_which_do() {
            assertThat(run("await $.Experiment.create({})\n$.Experiment.strat('a')"))
                    .isEqualTo(
                            refused(
                                    "'strat' is not a verb of Experiment. Did you mean start?",
                                    "{\"reason\":\"unknown_verb\","
                                            + "\"message\":\"'strat' is not a verb of Experiment. Did you mean start?\","
                                            + "\"repair\":\"Use $.Experiment.start, or another of create, find.\",\"given\":\"strat\",\"suggestion\":\"start\"}",
                                    2,
                                    1,
                                    "$.Experiment.strat('a')"));
        }

        @Test
        void that_is_not_awaited_where_its_answer_is_needed_is_told_so() {
            assertThat(
                            run("const r = $.Experiment.find()\nreturn r.length")
                                            instanceof Outcome.Threw threw
                                    ? threw.message()
                                    : "")
                    .isEqualTo("'length' was read from a promise: an await is missing.");
            assertThat(
                            run("if ($.Experiment.find() > 0) 'many'")
                                            instanceof Outcome.Threw threw
                                    ? threw.message()
                                    : "")
                    .isEqualTo("A promise was used as a text or a number: an await is missing.");
            assertThat(
                            run("return [$.Experiment.find()]") instanceof Outcome.Threw threw
                                    ? threw.message()
                                    : "")
                    .endsWith("A promise was to be written as JSON: an await is missing.");
        }

        @Test
        void of_a_noun_that_does_not_exist_says_which_do() {
            assertThat(run("$.Zebra.create()"))
                    .isEqualTo(
                            refused(
                                    "There is no 'Zebra' in $.",
                                    "{\"reason\":\"unknown_type\",\"message\":\"There is no 'Zebra' in $.\","
                                            + "\"repair\":\"Use one of these members of $: Experiment, Event, search, fetch.\",\"given\":\"Zebra\"}",
                                    1,
                                    1,
                                    "$.Zebra.create()"));
        }

        @Test
        void cannot_be_found_in_an_empty_$() {
            var script =
                    new Script(
                            "try { $.Event } catch (e) { e.repair }; try { $.Event } catch (e) { return e.repair }",
                            "null",
                            "{}",
                            NOW,
                            1,
                            AMPLE);
            assertThat(sandbox.run(script, new World()))
                    .isEqualTo(returned("\"Do without $: it is empty here.\""));
        }

        @Test
        void has_arguments_that_are_too_long() {
            var limits = new Limits(Duration.ofMinutes(2), 1L << 60, 1L << 34, 9, 99, 2_000);
            assertThat(run("await $.Event.create('x'.repeat(2000))", limits))
                    .isEqualTo(
                            refused(
                                    "The arguments of $.Event.create are 2,004 characters of JSON,"
                                            + " more than the limit of 2,000.",
                                    "{\"reason\":\"too_large\","
                                            + "\"message\":\"The arguments of $.Event.create are 2,004 characters of JSON, more than the limit of 2,000.\","
                                            + "\"repair\":\"Send less with one call, and the rest with further calls.\"}",
                                    1,
                                    7,
                                    "await $.Event.create('x'.repeat(2000))"));
        }

        @Test
        void has_an_argument_that_cannot_be_data() {
            assertThat(run("const o = {}; o.o = o\nawait $.Event.create(o)"))
                    .isEqualTo(
                            threw(
                                    "TypeError: Converting circular structure to JSON",
                                    2,
                                    7,
                                    "await $.Event.create(o)"));
        }
    }

    @Nested
    class $ {
        @Test
        void can_be_listed_printed_and_awaited() {
            assertThat(
                            run(
                                    """
                                    const { Experiment, ...rest } = await $
                                    return [Object.keys($), Object.keys(rest), Object.keys(Experiment), JSON.stringify($),
                                        String($), `${Experiment}`, typeof $[Symbol.iterator], 'Event' in $, 'Evnt' in $]\
                                    """))
                    .isEqualTo(
                            returned(
                                    "[[\"Experiment\",\"Event\",\"search\",\"fetch\"],"
                                            + "[\"Event\",\"search\",\"fetch\"],"
                                            + "[\"create\",\"find\",\"start\",\"update\"],"
                                            + "\"{\\\"Experiment\\\":{\\\"update\\\":null},\\\"Event\\\":{}}\","
                                            + "\"[object Object]\",\"[object Object]\",\"undefined\",true,false]"));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "$.Event = 1",
                    "$.other = 1",
                    "delete $.Event",
                    "$.Event.create = 1",
                    "Object.defineProperty($, 'a', { value: 1 })",
                    "Object.setPrototypeOf($, null)",
                    "Object.freeze($)"
                })
        void cannot_be_changed(String source) {
            assertThat(run(source))
                    .isEqualTo(threw("TypeError: $ cannot be changed by a script.", 1, 1, source));
        }

        @Test
        void is_not_the_same_for_every_script() {
            var other =
                    new Script("$.Other.verb(1)", "null", "{\"Other\":[\"verb\"]}", NOW, 1, AMPLE);
            assertThat(sandbox.run(other, new World())).isEqualTo(returned("[1]"));
            assertThat(run("$.Event.create(2)")).isEqualTo(returned("[2]"));
        }
    }

    @Nested
    class A_refusal_of_the_host {
        private static final String MESSAGE = "There is no 'x'.";

        @Test
        void that_is_not_caught_is_handed_on_whole() {
            assertThat(run("const id = 'x'\nawait $.Experiment.start(id)"))
                    .isEqualTo(
                            refused(MESSAGE, World.REFUSAL, 2, 7, "await $.Experiment.start(id)"));
        }

        @Test
        void is_an_error_with_its_members() {
            assertThat(
                            run(
                                    "try { await $.Experiment.start() } catch (e) { return [e instanceof Error, e.reason, e.legal, e] }"))
                    .isEqualTo(
                            returned(
                                    "[true,\"unknown_id\",[\"find\"],{\"message\":\"There is no 'x'.\",\"reason\":\"unknown_id\",\"repair\":\"Call search first.\",\"legal\":[\"find\"]}]"));
        }

        @Test
        void that_is_thrown_again_stays_what_it_was() {
            assertThat(
                            run(
                                    "const f = () => $.Experiment.start()\ntry {\n  await f()\n} catch (e) {\n  throw e\n}"))
                    .isEqualTo(
                            refused(
                                    MESSAGE,
                                    World.REFUSAL,
                                    1,
                                    17,
                                    "const f = () => $.Experiment.start()"));
        }

        @Test
        void nobody_awaited_ends_the_script_all_the_same() {
            assertThat(run("\n$.Experiment.start()\n5"))
                    .isEqualTo(refused(MESSAGE, World.REFUSAL, 2, 1, "$.Experiment.start()"));
        }

        @Test
        void ends_the_script_only_if_it_is_not_caught() {
            assertThat(run("await $.Experiment.start().catch(e => e.repair)"))
                    .isEqualTo(returned("\"Call search first.\""));
        }
    }

    @Nested
    class A_host {
        @Test
        void may_abandon_the_script_which_then_does_nothing_more() {
            var world = new World();
            var outcome =
                    run(
                            """
                            console.log('before')
                            try { await $.fetch() } catch { console.log('caught') } finally { await $.search() }
                            console.log('after')\
                            """,
                            world);
            assertThat(outcome)
                    .isEqualTo(new Outcome.Abandoned("somebody else wrote", List.of("before")));
            assertThat(world.calls()).containsExactly("fetch[]");
        }

        @Test
        void that_breaks_is_heard_of_by_the_caller_but_not_by_the_script() {
            var cause = new UnsupportedOperationException("of ours");
            assertThatIllegalStateException()
                    .isThrownBy(() ->
                            run(
                                    "try { await $.search() } catch (e) { console.log(e) }",
                                    (_, _) -> {
                                        throw cause;
                                    }))
                    .havingCause()
                    .isSameAs(cause);
        }
    }

    @Nested
    class A_host_that_answers {
        /// Answers a call by running a script that makes the same call, one level deeper.
        private Host nesting(int depth) {
            return (_, arguments) ->
                    depth == 0
                            ? new Host.Answer.Value(arguments)
                            : new Host.Answer.Value(
                                    "{\"level\":%d,\"inner\":%s}"
                                            .formatted(depth, inner(depth - 1)));
        }

        private String inner(int depth) {
            var outcome = run("await $.search(%d)".formatted(depth), nesting(depth));
            return ((Outcome.Returned) outcome).json();
        }

        @Test
        void may_run_another_script() {
            assertThat(run("[await $.search(), await $.search()]", nesting(1)))
                    .isEqualTo(
                            returned("[{\"level\":1,\"inner\":[0]},{\"level\":1,\"inner\":[0]}]"));
        }

        @Test
        void may_run_another_whose_host_runs_another_and_so_on() {
            assertThat(run("await $.search()", nesting(3)))
                    .isEqualTo(
                            returned(
                                    "{\"level\":3,\"inner\":{\"level\":2,\"inner\":{\"level\":1,\"inner\":[0]}}}"));
        }

        @Test
        void may_do_so_for_many_scripts_at_once() throws Exception {
            try (var threads = Executors.newFixedThreadPool(8)) {
                var calls =
                        IntStream.range(0, 40)
                                .<Callable<Outcome>>mapToObj(
                                        _ -> () -> run("await $.search()", nesting(2)))
                                .toList();
                assertThat(threads.invokeAll(calls).stream().map(it -> it.resultNow()).distinct())
                        .containsExactly(
                                returned("{\"level\":2,\"inner\":{\"level\":1,\"inner\":[0]}}"));
            }
        }

        @Test
        void keeps_worlds_apart() {
            Host host =
                    (_, _) -> {
                        var outcome =
                                run(
                                        "globalThis.mine = 1; Array.prototype.map = null; typeof yours");
                        return new Host.Answer.Value(((Outcome.Returned) outcome).json());
                    };
            assertThat(
                            run(
                                    "globalThis.yours = 1; const a = await $.search(); [a, typeof mine, [1].map(x => x)]",
                                    host))
                    .isEqualTo(returned("[\"undefined\",\"undefined\",[1]]"));
        }

        @Test
        void goes_on_when_that_script_runs_out_of_its_own_time() {
            var outcomes = new ArrayList<Outcome>();
            Host host =
                    (_, _) -> {
                        outcomes.add(run("for (;;);", LimitsContract.time(Duration.ofMillis(100))));
                        return new Host.Answer.Value("1");
                    };
            assertThat(run("1 + await $.search()", host)).isEqualTo(returned("2"));
            assertThat(outcomes)
                    .containsExactly(
                            LimitsContract.over(
                                    Outcome.Limit.TIME,
                                    "The script ran longer than its limit of 100 ms."));
        }

        @Test
        void sees_that_script_cancelled_when_the_time_of_the_one_that_waits_is_up() {
            var world = new World();
            var outcomes = new CopyOnWriteArrayList<Outcome>();
            Host host =
                    (_, _) -> {
                        outcomes.add(run("for (;;) await $.search(7)", AMPLE, slow(world)));
                        return new Host.Answer.Value("1");
                    };
            assertThat(
                            run(
                                    "await $.search(); await $.search()",
                                    LimitsContract.time(Duration.ofMillis(300)),
                                    host))
                    .isEqualTo(
                            LimitsContract.over(
                                    Outcome.Limit.TIME,
                                    "The script ran longer than its limit of 300 ms."));
            int calls = world.calls().size();
            assertThat(run("5")).isEqualTo(returned("5"));
            assertThat(world.calls()).hasSize(calls).isNotEmpty();
            assertThat(outcomes).containsExactly(new Outcome.Cancelled(List.of()));
        }

        private Host slow(World world) {
            return (function, arguments) -> {
                LockSupport.parkNanos(1_000_000);
                return world.call(function, arguments);
            };
        }
    }

    @Nested
    class The_world_of_a_script {
        @Test
        void has_a_clock_that_stands_still() {
            assertThat(
                            run(
                                    """
                                    const sub = new (class extends Date {})()
                                    return [new Date(), Date.now(), +sub, sub instanceof Date, Date(), new Date(5).getTime(),
                                        new Date(2020, 1).toISOString(), Date.UTC(2020), Date.name, new Date().constructor === Date,
                                        new Intl.DateTimeFormat().format(), new Date().toLocaleDateString(),
                                        new Intl.DateTimeFormat('en', { year: 'numeric' }).formatToParts()[0].value]\
                                    """))
                    .isEqualTo(
                            returned(
                                    "[\"2026-03-04T05:06:07.089Z\",1772600767089,1772600767089,true,"
                                            + "\"Wed Mar 04 2026 05:06:07 GMT+0000 (GMT+0)\",5,"
                                            + "\"2020-02-01T00:00:00.000Z\",1577836800000,\"Date\",true,"
                                            + "\"3/4/2026\",\"3/4/2026\",\"2026\"]"));
        }

        @Test
        void has_chance_that_comes_from_the_seed() {
            var source = "Array.from({ length: 1000 }, Math.random)";
            assertThat(run(source)).isEqualTo(run(source));
            assertThat(run(source))
                    .isNotEqualTo(
                            sandbox.run(
                                    new Script(source, "{}", World.API, NOW, 43, AMPLE),
                                    new World()));
        }

        @Test
        void has_chance_that_is_evenly_spread() {
            assertThat(
                            run(
                                    """
                                    const bins = Array(10).fill(0)
                                    for (let i = 0; i < 10000; i++) bins[Math.floor(Math.random() * 10)]++
                                    bins.every(n => n > 850 && n < 1150)\
                                    """))
                    .isEqualTo(returned("true"));
        }

        @Test
        void has_its_parameters_which_cannot_be_changed() {
            assertThat(run("params")).isEqualTo(returned("{\"list\":[1,{\"deep\":true}]}"));
            assertThat(run("params.list[1].deep = 1")).isInstanceOf(Outcome.Threw.class);
            assertThat(run("const params = 5; params")).isEqualTo(returned("5"));
        }

        @Test
        void has_nothing_else_to_reach_out_with() {
            assertThat(
                            run(
                                    """
                                    ['Java', 'Packages', 'Polyglot', 'Graal', 'java', 'load', 'loadWithNewGlobal', 'print', 'require',
                                     'process', 'fetch', 'setTimeout', 'Worker', 'performance', 'WebAssembly', 'SharedArrayBuffer',
                                     'Atomics', 'BigInt', 'Proxy', 'WeakRef', 'FinalizationRegistry', 'Temporal', 'arguments']
                                        .filter(name => name in globalThis)\
                                    """))
                    .isEqualTo(returned("[]"));
        }

        @Test
        void begins_anew_with_every_script() {
            assertThat(
                            run(
                                    """
                                    Object.prototype.toJSON = () => 'polluted'
                                    Array.prototype.push = Array.prototype.map = String.prototype.substring = () => { throw 1 }
                                    JSON.parse = JSON.stringify = Promise.prototype.then = () => 'polluted'
                                    globalThis.left = 1
                                    Object.defineProperty(Object.prototype, 'leftToo', { get: () => 1 })
                                    return await $.search('a')\
                                    """))
                    .isEqualTo(returned("\"polluted\""));
            assertThat(
                            run(
                                    "[typeof left, ({}).leftToo, [1].map(x => x), await $.search({ a: 1 })]"))
                    .isEqualTo(returned("[\"undefined\",null,[1],[{\"a\":1}]]"));
        }

        @Test
        void keeps_the_errors_of_the_host_whole_when_its_built_ins_are_changed() {
            assertThat(
                            run(
                                    """
                                    WeakMap.prototype.get = WeakMap.prototype.set = Reflect.apply = JSON.parse = () => 'polluted'
                                    Error.prototype.toString = String.prototype.substring = () => 'polluted'
                                    await $.Experiment.start()\
                                    """))
                    .isEqualTo(
                            refused(
                                    "There is no 'x'.",
                                    World.REFUSAL,
                                    3,
                                    7,
                                    "await $.Experiment.start()"));
        }
    }

    @Nested
    class The_log {
        @Test
        void has_one_line_for_each_call_of_the_console() {
            assertThat(
                            run(
                                    """
                                    console.log('a', 1, { b: [null] }, undefined, NaN, true)
                                    console.error(new TypeError('wrong'), () => 1)
                                    console.table([{ a: 1 }]); console.time('x'); console.timeEnd('x')
                                    console.assert(true, 'holds'); console.assert(false, 'fails')\
                                    """))
                    .isEqualTo(
                            returned(
                                    "null",
                                    "a 1 {\"b\":[null]} undefined NaN true",
                                    "TypeError: wrong () => 1",
                                    "[{\"a\":1}]",
                                    "Assertion failed fails"));
        }

        @Test
        void survives_whatever_it_is_given() {
            assertThat(
                            run(
                                    """
                                    const cyclic = {}; cyclic.self = cyclic
                                    console.log(cyclic, Symbol('s'), Object.create(null), { toJSON() { throw 1 }, toString() { throw 1 } })\
                                    """))
                    .isEqualTo(
                            returned("null", "[object Object] Symbol(s) {} [cannot be printed]"));
        }

        @Test
        void comes_with_every_outcome() {
            assertThat(run("console.log('a'); throw 'b'"))
                    .isEqualTo(
                            new Outcome.Threw(
                                    "b", Optional.empty(), Optional.empty(), List.of("a")));
        }
    }

    @Nested
    class Several_scripts {
        @Test
        void run_beside_each_other_without_meeting() throws Exception {
            try (var threads = Executors.newFixedThreadPool(8)) {
                var calls =
                        IntStream.range(0, 60)
                                .<Callable<Outcome>>mapToObj(i -> () -> run(summing(i)))
                                .toList();
                var outcomes = threads.invokeAll(calls).stream().map(it -> it.resultNow()).toList();
                assertThat(outcomes)
                        .isEqualTo(
                                IntStream.range(0, 60)
                                        .mapToObj(i -> "" + 20 * i)
                                        .map(sum -> returned(sum, sum))
                                        .toList());
            }
        }
    }

    private static String summing(int each) {
        return """
        let sum = 0
        for (let i = 0; i < 20; i++) sum += (await $.Event.create(%d))[0]
        globalThis.sum = sum
        console.log(sum)
        sum\
        """
                .formatted(each);
    }

    @Nested
    class A_closed_sandbox {
        @Test
        void runs_nothing_more() {
            var closed = open();
            closed.warm();
            closed.close();
            closed.close();
            assertThatIllegalStateException()
                    .isThrownBy(() -> closed.run(script("1", AMPLE), new World()))
                    .withMessage("The sandbox is closed.");
        }
    }
}
