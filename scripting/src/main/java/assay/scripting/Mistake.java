package assay.scripting;

import java.util.Optional;

/// Mistakes in the text of a script that are common enough to be told how to repair.
final class Mistake {
    private Mistake() {}

    /// The text ends inside of something.
    ///
    /// @param open the bracket that is never closed, when it is known
    static UnreadableScript cutShort(Outcome.Position end, Optional<Outcome.Position> open) {
        return new UnreadableScript(
                "The script ends where more of it was expected.",
                end,
                open.map(place ->
                        "Close the '%s' of line %d, column %d, or send the part of the script that is missing."
                                .formatted(bracket(place), place.line(), place.column())),
                true);
    }

    private static String bracket(Outcome.Position place) {
        return place.column() <= place.text().length()
                ? place.text().substring(place.column() - 1, place.column())
                : "(";
    }

    /// TypeScript that is more than types.
    static UnreadableScript notErasable(String what, Outcome.Position at) {
        return new UnreadableScript(
                what + " is TypeScript that is more than types, and only types can be left out.",
                at,
                Optional.of(
                        what.equals("An enum")
                                ? "Write it as an object: const Color = { Red: 'red' }."
                                : "Write it in plain JavaScript; annotations, interfaces, type aliases, as and satisfies"
                                        + " may stay."));
    }

    /// What the whole parser has found wrong, with a repair where its name for it is known here.
    ///
    /// @param unread what the engine has said
    static UnreadableScript named(String code, Outcome.Position at, UnreadableScript unread) {
        return switch (code) {
            case "AwaitNotInAsyncContext" ->
                    new UnreadableScript(
                            "await stands in a function that is not async.",
                            at,
                            Optional.of(
                                    "Write async before the function that it stands in: async (experiment) => { … }."));
            case "UnterminatedString" ->
                    repaired(unread, "Close the string on its line, or write it between ` and `.");
            case "UnterminatedTemplate" -> repaired(unread, "Close the template with `.");
            case "UnterminatedComment" -> repaired(unread, "Close the comment with */.");
            case "UnterminatedRegExp" ->
                    repaired(unread, "Close the regular expression with /, on its line.");
            case "VarRedeclaration" ->
                    repaired(
                            unread,
                            "Give one of the two another name, or leave out the second const, let, var, function or"
                                    + " class.");
            case "MissingSemicolon" ->
                    repaired(
                            unread,
                            "Begin a new line or write ; between the two statements, or add the operator that is missing"
                                    + " there.");
            default -> unread;
        };
    }

    private static UnreadableScript repaired(UnreadableScript unread, String repair) {
        return new UnreadableScript(unread.problem(), unread.at(), Optional.of(repair), false);
    }
}
