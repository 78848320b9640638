package assay.domain.noun;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Writes the TypeScript declaration of `$`. Every type that is not a noun has a name in lower
/// case, since nouns may be called Filter or Test.
final class TypeScript {
    private static final String PREAMBLE =
            """
            /** The $id of an object of that type. */
            type id<Type = any> = string
            /** An object of that type, present when asked for with include. */
            type included<Type> = json
            /** UTC, such as 2026-03-31T09:00:00.000Z; a Date is taken too. */
            type time = string
            type json = any
            interface meta<Type> { readonly $id: id; readonly $type: Type; readonly $context: string; readonly $version: number; readonly $createdAt: time; readonly $createdBy: string; readonly $updatedAt: time }
            type test<V> = V | null | { $eq?: V | null; $ne?: V | null; $gt?: V; $gte?: V; $lt?: V; $lte?: V; $in?: V[]; $nin?: V[]; $exists?: boolean; $regex?: string; $options?: 'i'; $not?: test<V> }
            type filter<T> = { [K in keyof T]?: test<NonNullable<T[K]>> } & { $and?: filter<T>[]; $or?: filter<T>[]; $text?: string; [path: string]: any }
            interface options { sort?: string | { [field: string]: 'asc' | 'desc' | 1 | -1 } | string[]; limit?: number; offset?: number; cursor?: string; include?: string[]; fields?: string[]; asOf?: time }
            type patch<T> = { [K in keyof T]?: T[K] | null }
            interface act<T, Data> { (id: id, data?: patch<Data>): Promise<T>; (data: ({ $id: id } | { id: id } | { key: string }) & patch<Data>): Promise<T> }
            /** What a verb is about to do: the data sent with it, and the state it leads from and to. */
            interface change { verb: string; data: json; from?: string | null; to?: string | null }
            /** A hook that is kept; called, it takes the hook away. */
            interface registration { (): Promise<boolean>; readonly $id: id<'Hook'>; readonly name: string; readonly status: 'Enabled' | 'Disabled' }
            /** Keeps a function that runs before a verb. It may use its parameters only; it throws to refuse, or returns fields to be changed. */
            interface before<T> { (hook: (object: T, $: assay, change: change) => patch<T> | void | Promise<patch<T> | void>): Promise<registration> }
            /** Keeps a function that runs after a verb. Its failure does not undo the verb. */
            interface after<T> { (hook: (object: T, $: assay) => any): Promise<registration> }
            type hooks<T, Before extends string, After extends string> = { [name in Before]: before<T> } & { [name in After]: after<T> } & { before(verb: string, ...hook: Parameters<before<T>>): ReturnType<before<T>>; after(verb: string, ...hook: Parameters<after<T>>): ReturnType<after<T>> }
            /** Whoever is measured, by the name that assign and record were given. */
            interface subjectApi {
              /** Erases a subject: its exposures and events, and the text of runs that name it; results follow, and nobody can undo it. */
              forget(subject: string): Promise<{ subject: string; events: number; runs: number }>
            }
            interface reader<T> {
              get(id: id, options?: options): Promise<T | null>
              find(filter?: filter<T>, options?: options): Promise<T[]>
              findOne(filter?: filter<T>, options?: options): Promise<T | null>
              count(filter?: filter<T>): Promise<number>
              history(id: id): Promise<json[]>
            }
            """;

    private final Nouns nouns;
    private final Map<String, List<String>> extra;
    private final StringBuilder text = new StringBuilder(PREAMBLE);

    private TypeScript(Nouns nouns, Map<String, List<String>> extra) {
        this.nouns = nouns;
        this.extra = extra;
    }

    static String of(Nouns nouns, List<Noun> shown, Map<String, List<String>> extra) {
        var script = new TypeScript(nouns, extra);
        shown.forEach(script::noun);
        script.line("interface assay {");
        shown.forEach(noun -> script.line("  %s: %sApi".formatted(noun.name(), noun.prefix())));
        script.extra("");
        script.line("}");
        script.line("declare const $: assay");
        script.line("declare const params: json");
        return script.text.toString();
    }

    private void noun(Noun noun) {
        var name = noun.name();
        if (!noun.description().isEmpty()) {
            line("/** %s */".formatted(noun.description().replace("*/", "* /")));
        }
        line("interface new%s {".formatted(name));
        noun.fields().values().stream()
                .filter(field -> isWritable(noun, field))
                .forEach(field -> line("  " + member(field, isNeeded(noun, field))));
        line("}");
        line("interface %1$s extends new%1$s, meta<'%1$s'> {".formatted(name));
        readOnly(noun);
        line("}");
        line("interface %sApi extends reader<%s>%s {".formatted(noun.prefix(), name, hooks(noun)));
        functions(noun);
        extra(name);
        line("}");
    }

    /// The names that register hooks. One that is a verb too is declared with the verb.
    private static String hooks(Noun noun) {
        if (!noun.isHookable()) {
            return "";
        }
        return ", hooks<%s, %s, %s>"
                .formatted(
                        noun.name(),
                        union(noun.everyVerb().stream().map(Verb::activity)),
                        union(
                                noun.everyVerb().stream()
                                        .map(Verb::event)
                                        .filter(event -> !noun.verbs().containsKey(event))));
    }

    private static String union(Stream<String> names) {
        return names.map("'%s'"::formatted).distinct().collect(Collectors.joining(" | "));
    }

    /// What only a stored object has, and what it has for certain.
    private void readOnly(Noun noun) {
        for (var field : noun.fields().values()) {
            if (field instanceof Field.Reverse) {
                continue;
            }
            if (!isWritable(noun, field)) {
                line("  readonly " + member(field, field.required() || isState(noun, field)));
            } else if (field.required() && !isNeeded(noun, field)) {
                line("  " + member(field, true));
            }
        }
        for (var reverse : nouns.reverses(noun).values()) {
            var many = reverse.array() ? "[]" : "";
            line(
                    "  readonly %s?: included<'%s'>%s"
                            .formatted(reverse.name(), reverse.target(), many));
        }
    }

    private static boolean isWritable(Noun noun, Field field) {
        return !(field instanceof Field.Reverse)
                && !noun.computed().contains(field.name())
                && !(isState(noun, field)
                        && noun.lifeCycle()
                                .filter(cycle -> cycle.fixedStart() && cycle.byUpdate().isEmpty())
                                .isPresent());
    }

    private static boolean isState(Noun noun, Field field) {
        return noun.lifeCycle()
                .filter(cycle -> cycle.field().equals(field.name()))
                .filter(cycle -> !cycle.initial().isEmpty())
                .isPresent();
    }

    /// True when create must be given the field.
    static boolean isNeeded(Noun noun, Field field) {
        var effects = noun.effects().getOrDefault(Verb.CREATE.name(), Map.of());
        return field.required()
                && Write.initial(field).isEmpty()
                && !effects.containsKey(field.name())
                && !isState(noun, field);
    }

    private static String member(Field field, boolean isPresent) {
        return "%s%s: %s".formatted(field.name(), isPresent ? "" : "?", type(field));
    }

    private static String type(Field field) {
        var one =
                switch (field) {
                    case Field.Plain plain -> type(plain.base());
                    case Field.Choice choice ->
                            choice.members().stream()
                                    .map(member -> Json.text(member).toString())
                                    .collect(Collectors.joining(" | "));
                    case Field.Reference reference -> "id<'%s'>".formatted(reference.target());
                    case Field.Reverse reverse -> "included<'%s'>".formatted(reverse.target());
                };
        if (!field.array()) {
            return one;
        }
        return one.indexOf('|') < 0 ? one + "[]" : "(" + one + ")[]";
    }

    private static String type(Base base) {
        return switch (base.kind()) {
            case NUMBER -> "number";
            case BOOLEAN -> "boolean";
            case TIME -> "time";
            case JSON -> "json";
            case DECIMAL -> "string | number";
            case TEXT, DATE -> "string";
        };
    }

    private void functions(Noun noun) {
        crud(
                noun,
                Verb.CREATE,
                "create(data: new%1$s): Promise<%1$s>;"
                        + " createMany(data: new%1$s[]): Promise<%1$s[]>");
        crud(
                noun,
                Verb.UPDATE,
                "update(id: id, data: patch<new%1$s>, options?: { ifVersion?: number }):"
                        + " Promise<%1$s>; updateMany(data: ({ $id: id } & patch<new%1$s>)[]):"
                        + " Promise<%1$s[]>; rollback(id: id, to: number | { version: number } |"
                        + " { asOf: time }): Promise<%1$s>");
        crud(noun, Verb.DELETE, "delete(id: id): Promise<boolean>");
        noun.verbs().values().stream()
                .filter(verb -> !isDeclared(noun, verb))
                .forEach(verb ->
                        line(
                                "  %1$s: act<%2$s, new%2$s>%3$s"
                                        .formatted(
                                                verb.name(),
                                                noun.name(),
                                                isHookToo(noun, verb)
                                                        ? " & after<%s>".formatted(noun.name())
                                                        : "")));
    }

    private static boolean isHookToo(Noun noun, Verb verb) {
        return noun.isHookable() && noun.after(verb.name()).isPresent();
    }

    /// True when further lines declare the verb.
    private boolean isDeclared(Noun noun, Verb verb) {
        return extra.getOrDefault(noun.name(), List.of()).stream()
                .anyMatch(line -> line.startsWith(verb.name() + "("));
    }

    private void crud(Noun noun, Verb verb, String signature) {
        if (noun.disabled().contains(verb.name())) {
            line(
                    (noun.isHookable() ? "  %s: null; %s: null; %s: null" : "  %s: null")
                            .formatted(verb.name(), verb.activity(), verb.event()));
        } else {
            line("  " + signature.formatted(noun.name()));
        }
    }

    private void extra(String noun) {
        extra.getOrDefault(noun, List.of()).forEach(line -> line("  " + line));
    }

    private void line(String line) {
        text.append(line).append('\n');
    }
}
