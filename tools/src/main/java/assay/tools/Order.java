package assay.tools;

import assay.domain.JsonTree;
import assay.domain.Nearest;
import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.noun.Nouns;
import assay.domain.recipe.Params;
import assay.domain.work.UnitOfWork;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What `do` is asked to run: a script that came with the call, or a saved one.
sealed interface Order {
    /// The script itself, and its params as JSON text.
    record Text(String source, String params) {}

    /// What the sandbox gets to run.
    ///
    /// @param reading makes a unit of work to look a saved script up with
    /// @throws Refused if there is no such recipe, or it does not take these params
    Text text(Nouns nouns, Supplier<UnitOfWork> reading);

    /// A script that came with the call.
    record Sent(String source, JsonNode params) implements Order {
        @Override
        public Text text(Nouns nouns, Supplier<UnitOfWork> reading) {
            return new Text(source, params.isMissingNode() ? "null" : JsonTree.text(params));
        }
    }

    /// A recipe by its name or id.
    ///
    /// @param arguments all that the caller sent
    record Saved(String name, ObjectNode arguments) implements Order {
        private static final String RECIPE = "Recipe";

        /// Names that a refusal lists.
        private static final int MOST_NAMES = 100;

        @Override
        public Text text(Nouns nouns, Supplier<UnitOfWork> reading) {
            var work = reading.get();
            var noun = nouns.require(RECIPE);
            var nothing = JsonNodeFactory.instance.objectNode();
            var recipe =
                    work.get(noun, name, work.queries().search(noun, nothing))
                            .orElseThrow(() -> unknown(nouns, work));
            return new Text(recipe.path("source").stringValue(), JsonTree.text(params(recipe)));
        }

        private JsonNode params(ObjectNode recipe) {
            var given = arguments.path("params");
            if (!recipe.hasNonNull("params")) {
                return given.isMissingNode() ? JsonNodeFactory.instance.nullNode() : given;
            }
            var declared = Params.of(recipe.path("params"));
            try {
                return declared.filled(recipe.path("name").stringValue(), given);
            } catch (Refused refused) {
                throw declared.corrected(given)
                        .map(params ->
                                refused.fix(
                                        Fixes.arguments(
                                                arguments.deepCopy().set("params", params))))
                        .orElse(refused);
            }
        }

        /// Without a fix: another recipe may write what nobody asked for.
        private Refused unknown(Nouns nouns, UnitOfWork work) {
            var request = JsonNodeFactory.instance.objectNode().put("limit", MOST_NAMES);
            var names =
                    work.find(work.queries().search(nouns.require(RECIPE), request)).stream()
                            .map(recipe -> recipe.path("name").asString(""))
                            .toList();
            return new Refused(
                            Reason.UNKNOWN_ID,
                            "There is no recipe %s.".formatted(Quoted.of(name)),
                            "%s%sSearch {\"type\": \"Recipe\"} shows what each does and takes."
                                    .formatted(
                                            Nearest.hint(name, names),
                                            names.isEmpty()
                                                    ? ""
                                                    : "Use one of: %s. "
                                                            .formatted(Quoted.all(names))))
                    .field("recipe");
        }
    }

    /// Reads the arguments of a call.
    ///
    /// @throws Refused if it names no script, or several
    static Order of(Arguments arguments) {
        var script = arguments.text("script").or(() -> arguments.text("code"));
        var recipe = arguments.text("recipe");
        if (script.isPresent() && recipe.isPresent()) {
            throw new Refused(
                            Reason.INVALID_REQUEST,
                            "do got a script and the recipe %s.".formatted(Quoted.of(recipe.get())),
                            "Send one of them: script for code of yours, recipe for a saved script.")
                    .field("recipe");
        }
        return recipe.<Order>map(name -> new Saved(name, arguments.json()))
                .or(() -> script.map(text -> new Sent(text, arguments.json().path("params"))))
                .orElseThrow(Order::missing);
    }

    private static Refused missing() {
        return new Refused(
                        Reason.MISSING_FIELD,
                        "do needs a script.",
                        "Send {\"script\": \"return await $.Experiment.find()\"}, or {\"recipe\": \"check-all\"}.")
                .field("script");
    }
}
