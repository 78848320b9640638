package assay.domain.experiment;

import assay.domain.Quoted;
import assay.domain.store.Measure;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/// What a metric measures, in words.
final class MetricText {
    private MetricText() {}

    /// The words, of a metric that is more than the sum, mean or count of what has its name.
    ///
    /// @param cap what a cap at a quantile has come to
    static Optional<String> unusual(Metric metric, OptionalDouble cap) {
        var isPlain =
                switch (metric.type()) {
                    case PROPORTION, COUNT, MEAN, SUM -> true;
                    case RATIO, QUANTILE, FUNNEL, RETENTION, UTILITY -> false;
                };
        var event = metric.terms().getFirst();
        return isPlain
                        && event.event().equals(metric.name())
                        && event.filter().isEmpty()
                        && metric.window().equals(Measure.Window.ALL)
                        && metric.cap().isEmpty()
                        && metric.lookback().isEmpty()
                ? Optional.empty()
                : Optional.of(of(metric, cap));
    }

    static String of(Metric metric, OptionalDouble cap) {
        var text = new StringBuilder(value(metric)).append(window(metric));
        metric.cap()
                .ifPresent(most -> {
                    text.append(", counted up to ");
                    if (most.isQuantile()) {
                        cap.ifPresent(size -> text.append(Numbers.brief(size)).append(", "));
                        text.append("the ")
                                .append(Numbers.brief(most.size()))
                                .append(" quantile of all units");
                    } else {
                        text.append(Numbers.brief(most.size()));
                    }
                    text.append(": the mean of the capped value");
                });
        metric.lookback()
                .ifPresent(lookback ->
                        text.append(", adjusted by the same of the ")
                                .append(Span.text(lookback))
                                .append(" before the exposure (CUPED)"));
        return text.toString();
    }

    private static String value(Metric metric) {
        var events = metric.terms().stream().map(MetricText::event).collect(Collectors.toList());
        var event = events.getFirst();
        return switch (metric.type()) {
            case PROPORTION -> "share of units with " + event + " other than 0";
            case COUNT -> "number of " + event + " per unit";
            case MEAN -> "mean of " + event + " per unit that has any";
            case SUM -> "sum of " + event + " per unit";
            case RATIO -> "sum of %s over sum of %s".formatted(event, events.getLast());
            case QUANTILE ->
                    "%s quantile of the %s of %s per unit"
                            .formatted(
                                    Numbers.brief(metric.level().orElse(0.5)),
                                    switch (metric.unit()) {
                                        case SUM -> "sum";
                                        case COUNT -> "number";
                                        default -> "mean";
                                    },
                                    event);
            case FUNNEL -> "share of units with " + String.join(", then ", events);
            case RETENTION -> "share of units that come back with " + event;
            case UTILITY -> "%s of a unit".formatted(weighted(metric));
        };
    }

    private static String weighted(Metric metric) {
        var text = new StringBuilder();
        for (var i = 0; i < metric.terms().size(); i++) {
            double weight = metric.weights().get(i);
            text.append(i == 0 ? (weight < 0 ? "-" : "") : weight < 0 ? " - " : " + ")
                    .append(Math.abs(weight) == 1 ? "" : Numbers.brief(Math.abs(weight)) + " x ")
                    .append(Quoted.of(metric.terms().get(i).event()));
        }
        return text.toString();
    }

    private static String event(Measure.Term term) {
        return Quoted.of(term.event())
                + term.filter().map(filter -> " where " + Quoted.of(filter)).orElse("");
    }

    private static String window(Metric metric) {
        var window = metric.window();
        if (window.equals(Measure.Window.ALL)) {
            return "";
        }
        var to = window.to();
        return to.isEmpty()
                ? " from %s after the exposure on".formatted(Span.text(window.from()))
                : window.from() == 0
                        ? " within %s of the exposure".formatted(Span.text(to.getAsLong()))
                        : " %s to %s after the exposure"
                                .formatted(Span.text(window.from()), Span.text(to.getAsLong()));
    }
}
