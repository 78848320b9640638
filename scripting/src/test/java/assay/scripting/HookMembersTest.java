package assay.scripting;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Members of `$` that take a function.
class HookMembersTest extends WithSandbox {
    private static final String API =
            """
            {"Plan": ["start", "starting:hook", "reset", "reset:hook", "before:hook", "after:hook"],
             "Hook": ["delete"]}\
            """;

    /// Answers a registration as a host does, anything else with its arguments.
    private static final class Registry implements Host {
        private final List<String> calls = new CopyOnWriteArrayList<>();

        @Override
        public Answer call(String function, String arguments) {
            calls.add(function + arguments);
            return new Answer.Value(
                    arguments.startsWith("[{") && arguments.contains("\"source\"")
                            ? "{\"$id\":\"hook_1\",\"name\":\"mine\"}"
                            : arguments);
        }
    }

    private Registry registry = new Registry();

    @BeforeEach
    void nobodyHasCalled() {
        registry = new Registry();
    }

    @Override
    Sandbox open() {
        return new InProcessSandbox();
    }

    @Override
    Outcome run(String source) {
        return sandbox.run(new Script(source, "null", API, NOW, 1, AMPLE), registry);
    }

    @Nested
    class A_registration {
        @Test
        void sends_the_text_of_the_function() {
            run("await $.Plan.starting(async (plan, $) => {\n  return 'a\"'\n})");
            assertThat(registry.calls)
                    .containsExactly(
                            "Plan.starting[{\"source\":\"async (plan, $) => {\\n  return 'a\\\"'\\n}\"}]");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "function named(plan) { }",
                    "function (plan) { }",
                    "plan => plan",
                    "async plan => { await plan }",
                    "async function* f() { }"
                })
        void may_be_any_kind_of_function(String function) {
            run("$.Plan.starting(" + function + ")");
            assertThat(registry.calls)
                    .containsExactly("Plan.starting[{\"source\":\"%s\"}]".formatted(function));
        }

        @Test
        void of_a_method_sends_a_text_that_is_a_function_too() {
            run("$.Plan.starting({ async check(plan) { return plan } }.check)");
            run("class A { static check() { } }; await $.Plan.starting(A.check)");
            assertThat(registry.calls)
                    .containsExactly(
                            "Plan.starting[{\"source\":\"({ async check(plan) { return plan } })[\\\"check\\\"]\"}]",
                            "Plan.starting[{\"source\":\"({ check() { } })[\\\"check\\\"]\"}]");
        }

        @Test
        void of_a_neutral_name_sends_the_verb_too() {
            run("await $.Plan.before('start', p => p); await $.Plan.after('reset', p => p)");
            assertThat(registry.calls)
                    .containsExactly(
                            "Plan.before[{\"verb\":\"start\",\"source\":\"p => p\"}]",
                            "Plan.after[{\"verb\":\"reset\",\"source\":\"p => p\"}]");
        }

        @Test
        void is_the_entity_of_the_hook_when_it_is_the_result() {
            assertThat(run("$.Plan.starting(p => p)"))
                    .isEqualTo(returned("{\"$id\":\"hook_1\",\"name\":\"mine\"}"));
            assertThat(registry.calls).hasSize(1);
        }

        @Test
        void is_a_function_that_takes_the_hook_away() {
            assertThat(
                            run(
                                    """
                                    const hook = await $.Plan.starting(p => p)
                                    const gone = await hook()
                                    return [hook.$id, hook.name, gone]\
                                    """))
                    .isEqualTo(returned("[\"hook_1\",\"mine\",[\"hook_1\"]]"));
            assertThat(registry.calls).last().isEqualTo("Hook.delete[\"hook_1\"]");
        }

        @Test
        void may_be_sent_to_a_verb_as_what_it_stands_for() {
            run("await $.Plan.start(await $.Plan.starting(p => p))");
            assertThat(registry.calls)
                    .last()
                    .isEqualTo("Plan.start[{\"$id\":\"hook_1\",\"name\":\"mine\"}]");
        }
    }

    @Nested
    class A_name_that_is_a_verb_and_a_hook {
        @Test
        void registers_a_function_and_runs_with_anything_else() {
            run("await $.Plan.reset('a'); await $.Plan.reset(p => p); await $.Plan.reset()");
            assertThat(registry.calls)
                    .containsExactly(
                            "Plan.reset[\"a\"]",
                            "Plan.reset[{\"source\":\"p => p\"}]",
                            "Plan.reset[]");
        }
    }

    @Nested
    class What_is_no_function_of_the_script {
        @ParameterizedTest
        @ValueSource(strings = {"", "1", "'text'", "{ a: 1 }", "null"})
        void is_refused_with_an_example(String argument) {
            assertThat(refusal("await $.Plan.starting(" + argument + ")"))
                    .matches(
                            """
                            \\{"reason":"invalid_value","message":"\\$.Plan.starting takes a function, not .*",\
                            "repair":"Give it a function: \\$.Plan.starting\\(async \\(plan, \\$\\) => \\{ console.log\\(plan.\\$id\\) \\}\\)."}\
                            """);
        }

        @Test
        void needs_a_verb_first_where_the_name_does_not_say_it() {
            assertThat(refusal("await $.Plan.before(p => p)"))
                    .isEqualTo(
                            """
                            {"reason":"invalid_value","message":"$.Plan.before takes the name of a verb and a function.",\
                            "repair":"Write $.Plan.before('create', async (plan, $) => { console.log(plan.$id) })."}\
                            """);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "Math.max",
                    "(p => p).bind(null)",
                    "$.Plan.start",
                    "$.Plan.starting",
                    "console.log",
                    "Date"
                })
        void is_refused_when_it_has_no_text(String function) {
            assertThat(refusal("await $.Plan.starting(" + function + ")"))
                    .isEqualTo(
                            """
                            {"reason":"invalid_value","message":"$.Plan.starting keeps the text of a function, and this one is built in or bound and has none.",\
                            "repair":"Write the function itself into the call: $.Plan.starting(async (plan, $) => { console.log(plan.$id) })."}\
                            """);
        }

        @Test
        void is_refused_when_it_is_a_class() {
            assertThat(refusal("await $.Plan.starting(class { })"))
                    .contains("keeps the text of a function, and this is a class.");
        }

        @Test
        void is_refused_when_it_cannot_stand_by_itself() {
            assertThat(
                            refusal(
                                    "class A { f = () => 1; static g() { return super.x } }; const f = { f() { return super.f } }.f\n"
                                            + "Object.defineProperty(f, 'name', { value: 5 })\nawait $.Plan.starting(f)"))
                    .contains("this one cannot stand by itself");
        }
    }

    @Nested
    class A_variable_from_outside {
        @Test
        void is_refused_by_name() {
            assertThat(
                            run(
                                    "const limit = 3, other = 4\nawait $.Plan.starting(async (plan, $) => { if (plan.n > limit) throw new Error(`no ${other}`) })"))
                    .isEqualTo(
                            refused(
                                    "$.Plan.starting keeps a function that has to stand by itself, and this one uses limit, other, which are outside of it.",
                                    """
                                    {"reason":"invalid_value","message":"$.Plan.starting keeps a function that has to stand by itself, and this one uses limit, other, which are outside of it.",\
                                    "repair":"Write the value of limit, other into the function, keep them as data of an object, or look them up with $ inside the function."}\
                                    """,
                                    2,
                                    7,
                                    "await $.Plan.starting(async (plan, $) => { if (plan.n > limit) throw new Error(`no ${other}`) })"));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "() => outside",
                    "() => { outside = 1 }",
                    "() => { const { a = outside } = {} }",
                    "({ [outside]: a }) => a",
                    "(a = outside) => a",
                    "() => { { let outside } return outside }",
                    "() => { for (const outside of []) { } outside }",
                    "() => ({ outside })",
                    "() => class extends outside { }",
                    "() => `${outside}`",
                    "() => (b => b(outside))(1)",
                    "() => typeof outside",
                    "() => { try { } catch (outside) { } return outside }",
                    "() => { [outside] = [1] }",
                    "function f() { return (function g() { })(outside) }",
                    "() => { outside?.a.b }"
                })
        void is_found_wherever_it_is_used(String function) {
            assertThat(refusal("let outside; await $.Plan.starting(" + function + ")"))
                    .contains("this one uses outside, which is outside of it");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "({ a, b: [c = 2], ...d }, $) => { const { e = a, f: { g } } = d; return [c, g, e, $, console, Math, undefined, NaN] }",
                    "a => { for (const h of [1]) { try { label: for (;;) { break label } } catch ({ message }) { a(message, h) } } }",
                    "() => { class X { #p = 1; q = 2; static { this.r = Math.max(1) } m() { return [arguments.length, this.#p] } } return new X().q }",
                    "function rec(n) { return n ? rec(n - 1) : new.target }",
                    "v => { switch (v) { case 1: let w = 1; default: return w } }",
                    "() => { if (true) { var v = 1; function f() { } } return { v, f, t: typeof undefined, key: 1 }.key }",
                    "() => { for (var i = 0, j; i < 3; i++) j = i; for (const k in {}) j = k; return j }"
                })
        void is_none_that_the_function_has_itself(String function) {
            run("await $.Plan.starting(" + function + ")");
            assertThat(registry.calls).hasSize(1);
        }

        @Test
        void is_also_what_was_passed_to_this_run() {
            assertThat(refusal("await $.Plan.starting(() => params.limit)"))
                    .contains("this one uses params,");
        }
    }

    @Nested
    class A_function_or_symbol_as_data {
        @Test
        void is_refused_by_the_name_of_its_field() {
            assertThat(refusal("await $.Plan.start('a', { list: [{ check: () => 1 }] })"))
                    .isEqualTo(
                            """
                            {"reason":"invalid_value","message":"'check' is a function, which cannot be stored: functions and symbols are not JSON.",\
                            "repair":"Send the value itself in its place: text, a number, true, false, null, a list or an object.",\
                            "field":"check"}\
                            """);
            assertThat(refusal("await $.Plan.start({ key: Symbol('a') })"))
                    .contains("'key' is a symbol", "\"field\":\"key\"");
        }

        @Test
        void is_refused_in_an_array_and_as_an_argument() {
            assertThat(refusal("await $.Plan.start(['a', () => 1])"))
                    .contains("An element of an array is a function");
            assertThat(refusal("await $.Plan.start('a', plan => plan)"))
                    .isEqualTo(
                            """
                            {"reason":"invalid_value","message":"Argument 2 of $.Plan.start is a function, which cannot be stored: functions and symbols are not JSON.",\
                            "repair":"Call the function and send what it returns; $.Plan.start takes data only."}\
                            """);
        }

        @Test
        void is_none_when_it_says_what_it_is_as_json() {
            assertThat(
                            run(
                                    "const f = () => 1; f.toJSON = () => 'f'\nclass A { toJSON() { return 2 } check = f }\nawait $.Plan.start(f, { f }, new A())"))
                    .isEqualTo(returned("[\"f\",{\"f\":\"f\"},2]"));
        }

        @Test
        void is_null_when_it_says_something_else_the_second_time() {
            run("let n = 0; await $.Plan.start({ toJSON: () => n++ ? undefined : null })");
            assertThat(registry.calls).containsExactly("Plan.start[null]");
        }

        @Test
        void is_told_from_data_although_lists_and_objects_write_themselves() {
            assertThat(refusal("Object.prototype.toJSON = () => 'a'; await $.Plan.starting(1)"))
                    .contains("$.Plan.starting takes a function, not 1.");
            assertThat(run("Array.prototype.toJSON = () => 'a'; return await $.Plan.start([1])"))
                    .isEqualTo(returned("\"a\""));
            assertThat(registry.calls).containsExactly("Plan.start[\"a\"]");
        }
    }

    private String refusal(String source) {
        var outcome = run(source);
        assertThat(registry.calls).isEmpty();
        return outcome instanceof Outcome.Threw threw
                ? threw.refusal().orElse(threw.message())
                : outcome.toString();
    }
}
