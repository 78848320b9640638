package assay.scripting;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Scripts that mean harm, each behind what comes of it.
abstract class HostileContract extends WithSandbox {
    private static final String SEPARATOR = " <- ";

    @Nested
    class Never_ending {
        private static final String SCRIPTS =
                """
                TIME <- while (true);
                TIME <- for (;;) { try { throw 1 } catch {} }
                TIME <- for (;;) { try { for (;;); } finally { continue } }
                TIME <- function* g() { for (;;) yield 1 } for (const x of g());
                TIME <- [3, 1, 2].sort(() => { for (;;); })
                TIME <- ({ toJSON() { for (;;); } })
                TIME <- ({ get a() { for (;;); } })
                TIME <- throw { toString() { for (;;); }, toJSON() { throw 1 } }
                TIME <- const e = new Error(); Object.defineProperty(e, 'message', { get() { for (;;); } }); throw e
                TIME <- console.log({ toJSON() { for (;;); } })
                TIME <- ({ then() { for (;;); } })
                TIME <- for (;;) await null
                TIME <- const f = () => Promise.resolve().then(f); await f()
                TIME <- class A { static { for (;;); } }
                TIME <- eval('for (;;);')
                TIME <- new Function('for (;;);')()
                TIME <- $.Event.create({ toJSON() { for (;;); } })
                TIME <- /(.*)(.*)(.*)(.*)(.*)(.*)(.*)\\1x/.test('a'.repeat(5000))
                TIME <- }); for (;;); (async () => {
                TIME <- 'a'.replace(/a/, () => { for (;;); })
                TIME <- Array.from({ length: 1 }, () => { for (;;); })
                TIME <- JSON.parse('[1]', () => { for (;;); })
                """;

        static Stream<String> scripts() {
            return SCRIPTS.lines();
        }

        @ParameterizedTest
        @MethodSource("scripts")
        void scripts_run_out_of_time(String line) {
            assertOutcome(line, LimitsContract.time(Duration.ofMillis(250)));
        }
    }

    @Nested
    class Ever_growing {
        private static final String SCRIPTS =
                """
                MEMORY <- let a = [1]; for (;;) a = a.concat(a)
                MEMORY <- const a = []; for (;;) a.push(new Array(1000).fill(1))
                MEMORY <- let a = [1]; for (;;) a = [...a, ...a]
                MEMORY <- const m = new Map(); for (let i = 0;; i++) m.set(i, { i })
                MEMORY <- const all = []; for (;;) all.push(new Promise(() => {}))
                MEMORY <- const f = () => { Promise.resolve().then(f); Promise.resolve().then(f) }; f()
                MEMORY <- const all = []; for (;;) all.push(class { a() {} })
                MEMORY <- const all = []; for (;;) all.push('x'.repeat(1000) + all.length)
                MEMORY <- const all = []; for (;;) all.push(new Uint8Array(1000000))
                MEMORY <- for (let i = 0;; i++) eval('var v' + i + ' = ' + i)
                MEMORY <- const o = {}; for (let i = 0;; i++) o['k' + i] = i
                MEMORY <- for (let i = 0;; i++) Symbol('s' + i).toString()
                MEMORY <- new Array(50000000).fill({})
                MEMORY <- [...Array(50000000).keys()]
                """;

        static Stream<String> scripts() {
            return SCRIPTS.lines();
        }

        @ParameterizedTest
        @MethodSource("scripts")
        void scripts_run_out_of_memory(String line) {
            assertOutcome(line, LimitsContract.memory(40_000_000));
        }
    }

    @Nested
    class Ever_deeper {
        private static final String SCRIPTS =
                """
                STACK <- function f() { f() } f()
                STACK <- function f() { try { f() } finally { f() } } f()
                STACK <- function f() { try { f() } catch { f() } } f()
                STACK <- const f = () => [1].map(f); f()
                STACK <- const f = () => [2, 1].sort(f); f()
                STACK <- const o = { toJSON() { return JSON.stringify(o) } }; o
                STACK <- const o = { get a() { return o.a } }; o.a
                STACK <- class A { constructor() { new A() } } new A()
                STACK <- const f = () => eval('f()'); f()
                STACK <- const o = { toString() { return '' + o } }; '' + o
                STACK <- const f = s => s.replace(/a/, () => f(s)); f('a')
                STACK <- const f = async () => { await f() }; await f()
                STACK <- const o = { [Symbol.iterator]() { return [...o] } }; [...o]
                """;

        static Stream<String> scripts() {
            return SCRIPTS.lines();
        }

        @ParameterizedTest
        @MethodSource("scripts")
        void scripts_run_out_of_stack(String line) {
            assertOutcome(line, LimitsContract.time(Duration.ofSeconds(20)));
        }
    }

    @Nested
    class Ill_meant {
        private static final String SCRIPTS =
                """
                RangeError: Invalid string length <- 'x'.repeat(2 ** 29)
                RangeError: Invalid string length <- 'x'.padStart(1e9)
                RangeError: Invalid string length <- let s = 'x'; for (;;) s += s
                RangeError: Invalid string length <- Array(1e8).join('x')
                RangeError: Array buffer allocation failed <- new ArrayBuffer(2 ** 31)
                RangeError: Invalid typed array length: 260000000 <- new Float64Array(2.6e8)
                SyntaxError: Missing space after numeric literal <- 2n ** 1000000000n
                false <- /(a+)+$/.test('a'.repeat(30) + 'b')
                false <- /(x+x+)+y/.test('x'.repeat(30))
                PENDING <- await new Promise(() => {})
                PENDING <- ({ then() {} })
                The result cannot be written as JSON: TypeError: Converting circular structure to JSON <- const o = {}; o.o = [o]; o
                The result cannot be written as JSON: RangeError: cannot stringify objects nested that deep <- let o = {}; for (let i = 0; i < 1e6; i++) o = { o }; o
                RESULT <- 'x'.repeat(2e6)
                RESULT <- Array(1e6).fill(0)
                LOGS <- console.log('x'.repeat(1e7))
                LOGS <- for (;;) console.log()
                HOST_CALLS <- for (;;) $.search()
                HOST_CALLS <- const f = () => $.search().then(f, f); await f()
                TypeError: (intermediate value).for is not a function <- for (let i = 0; i < 1e6; i++) Symbol.for('s' + i)
                ReferenceError: Proxy is not defined <- let p = {}; for (let i = 0; i < 2e5; i++) p = new Proxy(p, {}); p.a
                ReferenceError: Java is not defined <- Java.type('java.lang.System').exit(1)
                ReferenceError: Polyglot is not defined <- Polyglot.eval('js', '1')
                ReferenceError: require is not defined <- require('fs')
                ReferenceError: process is not defined <- process.exit(1)
                ReferenceError: load is not defined <- load('/etc/passwd')
                Operation is not allowed for: /etc/passwd <- await import('/etc/' + 'passwd')
                ReferenceError: setTimeout is not defined <- setTimeout(() => {}, 1e9)
                ReferenceError: Atomics is not defined <- Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
                "undefined" <- typeof $.search.constructor('return this')().java
                "object" <- typeof $.constructor.constructor('return globalThis')()
                There is no 'getClass' in $. <- $.getClass
                null <- $.search.getClass
                "Error" <- try { $.fetch.caller } catch (e) { return 'Error' }
                {} <- $.search.__proto__.__proto__.__proto__
                SyntaxError: "with" statement cannot be used in strict mode <- with ($) { search() }
                TypeError: "$" is not a configurable property <- delete globalThis.$
                5 <- Object.prototype.then = function (f) { f(5) }; ({})
                9 <- Promise.prototype.then = () => 'mine'; await (async () => 9)()
                true <- try { null.x } catch (e) { return !/java|graal|truffle|prelude/.test(e.stack) }
                true <- try { await $.Experiment.start() } catch (e) { return !/java|graal|truffle|prelude/.test(e.stack) }
                true <- try { $.Nope } catch (e) { return !/java|graal|truffle|prelude/.test(e.stack) }
                """;

        static Stream<String> scripts() {
            return SCRIPTS.lines();
        }

        @ParameterizedTest
        @MethodSource("scripts")
        void scripts_get_nowhere(String line) {
            assertOutcome(line, AMPLE);
        }
    }

    private void assertOutcome(String line, Limits limits) {
        var script = line.substring(line.indexOf(SEPARATOR) + SEPARATOR.length());
        assertThat(summary(run(script, limits)) + SEPARATOR + script).isEqualTo(line);
    }

    private static String summary(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Returned(var json, _) -> json;
            case Outcome.Threw(var message, _, _, _) -> message;
            case Outcome.Unreadable(var message, _, _, _) -> "SyntaxError: " + message;
            case Outcome.OverLimit(var limit, _, _) -> limit.name();
            case Outcome.Cancelled _ -> "CANCELLED";
            case Outcome.Abandoned _ -> "ABANDONED";
        };
    }
}
