package assay.tools;

import assay.domain.Caller;
import assay.domain.Refused;
import assay.domain.noun.Nouns;
import assay.domain.store.DataFolder;
import assay.domain.store.Transaction;
import assay.domain.work.Ids;
import assay.domain.work.UnitOfWork;
import assay.scripting.Host;
import assay.scripting.InProcessSandbox;
import assay.scripting.Limits;
import assay.scripting.Outcome;
import assay.scripting.Script;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// Anything at the border between scripts and `$`. For the fuzzer, which calls it by its name; the
/// first byte of an input says which side it goes to.
///
/// The host answers or refuses, and never with an accident of its own; a value that a script sends
/// arrives as it is or is refused.
public final class JsonBorderFuzz {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Caller CALLER = new Caller("default", "fuzzer", false);
    private static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");

    /// Calls after which the transaction is rolled back and begins anew.
    private static final int LIFE = 200;

    /// Makes a value out of a list of bytes, of everything that JavaScript has, and sends it.
    private static final String HOSTILE =
            """
            let at = 0
            const next = () => params[at++ % params.length]
            const seen = [{}]
            const make = depth => {
              if (at > 4 * params.length || depth > 40) return 0
              switch (next() % 24) {
                case 0: return null
                case 1: return undefined
                case 2: return next() - 100
                case 3: return [NaN, Infinity, -0, 1e308, 5e-324][next() % 5]
                case 4: return String.fromCharCode(...Array.from({ length: next() % 9 }, () => next() * 257))
                case 5: return () => 1
                case 6: return Symbol('s')
                case 7: return new Date(next() % 2 ? NaN : next() * 1e10)
                case 8: return { toJSON: () => make(depth + 1) }
                case 9: return { get a() { if (next() % 4 === 0) throw make(depth + 1); return make(depth + 1) } }
                case 10: return seen[next() % seen.length]
                case 11: return new Map([[1, 2]])
                case 12: return /a/g
                case 13: return [new Number(next()), new String('a'), new Boolean(false)]
                case 14: return Object.create({ inherited: 1 }, { hidden: { value: 1 } })
                case 15: return new Error('e')
                case 16: return new Uint8Array(next())
                case 17: return Array(next() % 9)
                case 18: { const a = []; a.length = next() % 5; a[next()] = make(depth + 1); return a }
                case 19: return Promise.resolve(1)
                case 20: return $
                case 21: return class { static toJSON = make(depth + 1) }
                case 22: {
                  const o = next() % 2 ? {} : Object.create(null)
                  seen.push(o)
                  for (let n = next() % 5; n > 0; n--) {
                    o[['a', '__proto__', 'toJSON', '$id', 'constructor', 'then', 'null', ''][next() % 8]] = make(depth + 1)
                  }
                  return o
                }
                default: {
                  const a = []
                  seen.push(a)
                  for (let n = next() % 5; n > 0; n--) a.push(make(depth + 1))
                  return a
                }
              }
            }
            const calls = [$.Event.create, $.Experiment.starting, $.Experiment.before, $.Experiment.start, $.search]
            const value = make(0)
            await calls[next() % calls.length](value, make(0))
            return value
            """;

    private static final String API =
            """
            {"Event": ["create"], "Experiment": ["start", "starting:hook", "before:hook"], "Hook": ["delete"], "": ["search"]}\
            """;

    private static final InProcessSandbox SANDBOX = new InProcessSandbox();
    private static final List<String> CALLS = calls();
    private static @Nullable DataFolder folder;
    private static @Nullable Transaction transaction;
    private static @Nullable Binding binding;
    private static int inputs;

    private JsonBorderFuzz() {}

    /// Loads the engine and the database, which no input shall be blamed for.
    public static void fuzzerInitialize() {
        SANDBOX.warm();
        fuzzerTestOneInput("\u0001\u0000{}".getBytes(StandardCharsets.UTF_8));
    }

    /// One input.
    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length < 3) {
            return;
        }
        var rest = Arrays.copyOfRange(input, 2, input.length);
        var text = new String(rest, StandardCharsets.UTF_8);
        switch (input[0] & 3) {
            case 0 -> read(text);
            case 1, 2 -> call(CALLS.get((input[1] & 0xff) % CALLS.size()), text);
            default -> send(rest);
        }
    }

    private static void read(String text) {
        try {
            var json = ScriptJson.read(text).toString();
            if (!ScriptJson.read(json).toString().equals(json)) {
                throw new IllegalStateException("it is read back as something else");
            }
        } catch (Refused refused) {
            check(refused.toJson().toString());
        }
    }

    private static void call(String function, String arguments) {
        switch (binding().call(function, "[" + arguments + "]")) {
            case Host.Answer.Value(var json) -> ScriptJson.read(json);
            case Host.Answer.Refusal(var json) -> check(json);
            case Host.Answer.Abandon(var why) -> throw new IllegalStateException(why);
        }
    }

    private static void send(byte[] bytes) {
        var numbers = JSON.createArrayNode();
        for (byte each : bytes) {
            numbers.add(each & 0xff);
        }
        Host host =
                (_, arguments) -> {
                    if (!ScriptJson.read(arguments).isArray()) {
                        throw new IllegalStateException("this is no list: " + arguments);
                    }
                    return new Host.Answer.Value(arguments);
                };
        var outcome =
                SANDBOX.run(
                        new Script(HOSTILE, numbers.toString(), API, NOW, 1, Limits.DEFAULT), host);
        switch (outcome) {
            case Outcome.Returned(var json, _) -> read(json);
            case Outcome.Threw threw -> threw.refusal().ifPresent(JsonBorderFuzz::check);
            case Outcome.OverLimit _ -> {}
            default -> throw new IllegalStateException(outcome.toString());
        }
    }

    private static void check(String refusal) {
        var json = JSON.readTree(refusal);
        if (json.path("reason").asString().equals("internal")
                || json.path("message").asString().isBlank()
                || json.path("repair").asString().isBlank()) {
            throw new IllegalStateException(refusal);
        }
    }

    private static Binding binding() {
        var ready = binding;
        if (ready == null || inputs++ >= LIFE) {
            if (ready != null) {
                ready.close();
            }
            if (transaction != null) {
                transaction.close();
            }
            ready = open();
            binding = ready;
            inputs = 0;
        }
        return ready;
    }

    private static Binding open() {
        try {
            var data = folder;
            if (data == null) {
                var path = Files.createTempDirectory("assay-fuzzing");
                data = new DataFolder(path, Nouns.load(Optional.empty()), false);
                folder = data;
            }
            var begun = data.begin(CALLER.tenant(), Transaction.Mode.WRITE);
            transaction = begun;
            var work =
                    new UnitOfWork(
                            data.nouns(), begun, CALLER, NOW, new Ids(new Random(inputs + 1)));
            return new Binding(
                    data.nouns(),
                    work,
                    new Search(data, () -> NOW),
                    new Fetch(data, () -> NOW),
                    (source, values) -> values,
                    false);
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    private static List<String> calls() {
        return JSON.readTree(Functions.api(Nouns.load(Optional.empty())))
                .propertyStream()
                .flatMap(noun ->
                        noun.getValue()
                                .valueStream()
                                .map(member -> member.asString().split(":", -1)[0])
                                .map(member ->
                                        noun.getKey().isEmpty()
                                                ? member
                                                : noun.getKey() + "." + member))
                .flatMap(name ->
                        name.startsWith("Experiment")
                                ? Stream.of(name, name, name, name)
                                : Stream.of(name))
                .toList();
    }
}
