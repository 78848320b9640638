package assay.domain.experiment;

import java.util.List;

/// A size of change that somebody cares about.
///
/// @param size from 0 on: in the metric's own unit, or a share of the control
record EffectSize(double size, boolean isRelative) {
    static final EffectSize NONE = new EffectSize(0, false);

    private static final double LARGEST = 1e15;

    /// Reads a number, or `{relative: number}`.
    static EffectSize read(Declaration json, String member, boolean mayBeZero) {
        var given = json.json().path(member);
        if (given.isObject()) {
            json.within(member, List.of("relative"), "{relative: 0.05}");
        }
        var isRelative = given.isObject();
        var number = isRelative ? given.path("relative") : given;
        var size = number.isNumber() ? number.doubleValue() : Double.NaN;
        if (!(size <= LARGEST && (size > 0 || (mayBeZero && size == 0)))) {
            throw json.invalid(
                    member,
                    "Give a number %s in the metric's own unit, or {relative: number}, such as {relative: 0.05}."
                            .formatted(mayBeZero ? "from 0 on" : "above 0"));
        }
        return new EffectSize(size, isRelative);
    }

    /// As it stands in a sentence: `0.02`, or `5 % of the control`.
    String text() {
        return isRelative ? Numbers.brief(size * 100) + " % of the control" : Numbers.brief(size);
    }
}
