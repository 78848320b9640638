package assay.domain.store;

import static assay.domain.JsonText.json;
import static org.assertj.core.api.Assertions.assertThat;

import assay.domain.noun.Nouns;
import assay.domain.store.Events.Exposure;
import assay.domain.store.Events.Outcome;
import assay.domain.store.Measure.Kind;
import assay.domain.store.Measure.Term;
import assay.domain.store.Measure.Window;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/// Cells that are kept up to date as events arrive, beside cells computed from all events.
@DisplayNameGeneration(ReplaceUnderscores.class)
class LedgerTest {
    private static final Nouns NOUNS = Nouns.load(Optional.empty());
    private static final int SUBJECTS = 25;
    private static final int ARRIVALS = 260;

    private static final List<Measure> MEASURES =
            List.of(
                    Measure.of(Kind.SUM, "m"),
                    Measure.of(Kind.MEAN, "m"),
                    Measure.of(Kind.COUNT, "m"),
                    Measure.of(Kind.PROPORTION, "m"),
                    measure(Kind.RATIO, "m", "n"),
                    measure(Kind.FUNNEL, "m", "n", "m"),
                    measure(Kind.SUM, "m", "n"),
                    new Measure(
                            Kind.SUM,
                            terms("n"),
                            new Window(10, OptionalLong.of(60)),
                            OptionalDouble.of(1.5),
                            OptionalLong.of(30)),
                    new Measure(
                            Kind.MEAN,
                            terms("m"),
                            new Window(0, OptionalLong.of(40)),
                            OptionalDouble.empty(),
                            OptionalLong.of(100)),
                    new Measure(
                            Kind.PROPORTION,
                            List.of(new Term("m", Optional.of(json("{'plan': 'pro'}")))),
                            Window.ALL,
                            OptionalDouble.empty(),
                            OptionalLong.of(50)),
                    new Measure(
                            Kind.FUNNEL,
                            List.of(
                                    new Term("n", Optional.of(json("{'plan': {'$ne': 'pro'}}"))),
                                    new Term("n", Optional.empty())),
                            Window.ALL,
                            OptionalDouble.empty(),
                            OptionalLong.of(50)));

    private static Measure measure(Kind kind, String... terms) {
        return new Measure(
                kind, terms(terms), Window.ALL, OptionalDouble.empty(), OptionalLong.empty());
    }

    private static List<Term> terms(String... terms) {
        return List.of(terms).stream().map(term -> new Term(term, Optional.empty())).toList();
    }

    @TempDir Path data;

    /// Something that is sent, maybe twice.
    private interface Arrival {
        void at(Events events);
    }

    private static List<Arrival> arrivals(Random random) {
        var arrivals = new ArrayList<Arrival>();
        for (var i = 0; i < ARRIVALS; i++) {
            arrivals.add(arrival(random, "event_" + i, "s" + random.nextInt(SUBJECTS)));
        }
        arrivals.addAll(arrivals.subList(0, ARRIVALS / 6));
        return arrivals;
    }

    private static Arrival arrival(Random random, String id, String subject) {
        var at = random.nextInt(200);
        var value =
                switch (random.nextInt(4)) {
                    case 0 -> 0;
                    case 1 -> random.nextInt(5);
                    case 2 -> random.nextGaussian();
                    default -> random.nextGaussian() * Math.pow(10, random.nextInt(40) - 20);
                };
        var name = random.nextInt(3) == 0 ? "n" : "m";
        var properties = random.nextBoolean() ? json("{'plan': 'pro'}") : json("{'plan': 'free'}");
        return switch (random.nextInt(6)) {
            case 0, 1 -> {
                // Few subjects are seen in a second arm.
                var arm = Math.floorMod(subject.hashCode(), 2) == 0 ^ random.nextInt(12) == 0;
                var exposure =
                        new Exposure(subject, arm ? "a" : "b", 1 + at / 80, 40 + at, json("{}"));
                yield events -> {
                    var _ = events.expose("x", 1, Map.of(id, exposure), 0, "ada");
                };
            }
            case 2 -> {
                var document = json("{}");
                document.set("properties", properties);
                var row =
                        EventRow.free(
                                id, name, Optional.of(subject), at, value, Optional.of(document));
                yield events -> {
                    var _ = events.append(List.of(row), 0, "ada");
                };
            }
            default -> {
                var outcome = new Outcome(id, subject, "a", name, value, at, some(properties));
                var corrected = random.nextInt(6) == 0;
                yield events -> {
                    var _ = events.record("x", 1, List.of(outcome), 0, "ada");
                    if (corrected) {
                        correct(events, id, OptionalDouble.of(7));
                        correct(events, id, OptionalDouble.empty());
                        correct(events, id, OptionalDouble.of(value / 3));
                    }
                };
            }
        };
    }

    private static Optional<ObjectNode> some(ObjectNode properties) {
        return Optional.of(properties);
    }

    /// Lets everything arrive, folding now and then, and forgets two subjects at the end.
    ///
    /// @return the cells of each measure
    private List<List<Cell>> cells(String name, List<Arrival> arrivals, Random random)
            throws InterruptedException {
        try (var store = Store.open(data.resolve(name + ".db"), NOUNS, false)) {
            var left = new ArrayList<>(arrivals);
            while (!left.isEmpty()) {
                var some = left.subList(0, Math.min(left.size(), 1 + random.nextInt(30)));
                try (var transaction = store.begin(Transaction.Mode.WRITE)) {
                    var events = new Events(transaction);
                    some.forEach(arrival -> arrival.at(events));
                    if (random.nextInt(3) == 0) {
                        assertThat(kept(events)).isEqualTo(fromScratch(transaction));
                    }
                    if (random.nextInt(8) == 0) {
                        var _ = events.forget("stranger");
                    }
                    transaction.commit();
                }
                some.clear();
                if (random.nextBoolean()) {
                    fold(store, 1 + random.nextInt(40), random.nextInt(4));
                }
            }
            return atTheEnd(store);
        }
    }

    private static void correct(Events events, String id, OptionalDouble value) {
        var sent = events.corrections().find(id).orElseThrow();
        if (!sent.kind().equals(Events.EXPOSURE)) {
            var _ = events.corrections().correct(sent, value, 0, "ada");
        }
    }

    /// Every fifth event was sent with a wrong value, or by mistake.
    private static void correct(Events events) {
        for (var i = 0; i < ARRIVALS; i += 5) {
            correct(
                    events,
                    "event_" + i,
                    i % 3 == 0 ? OptionalDouble.empty() : OptionalDouble.of(i % 4 / 7.0));
        }
    }

    private static List<List<Cell>> atTheEnd(Store store) throws InterruptedException {
        try (var transaction = store.begin(Transaction.Mode.WRITE)) {
            var events = new Events(transaction);
            correct(events);
            assertThat(kept(events)).isEqualTo(fromScratch(transaction));
            transaction.commit();
        }
        try (var transaction = store.begin(Transaction.Mode.WRITE)) {
            var events = new Events(transaction);
            assertThat(events.forget("s1") + events.forget("s2")).isPositive();
            assertThat(kept(events)).isEqualTo(fromScratch(transaction));
            transaction.commit();
        }
        fold(store, 50, Integer.MAX_VALUE);
        try (var transaction = store.begin(Transaction.Mode.WRITE)) {
            var ledger = new Ledger(transaction);
            assertThat(ledger.backlog()).isZero();
            var cells = kept(new Events(transaction));
            assertThat(cells).isEqualTo(fromScratch(transaction));
            var totals = totals(transaction);
            ledger.startAgain();
            while (ledger.backlog() > 0) {
                ledger.step(7);
            }
            assertThat(kept(new Events(transaction))).isEqualTo(cells);
            assertThat(totals(transaction)).isEqualTo(totals);
            return cells;
        }
    }

    private static void fold(Store store, int most, int steps) throws InterruptedException {
        var left = steps;
        while (left-- > 0) {
            try (var transaction = store.begin(Transaction.Mode.WRITE)) {
                var ledger = new Ledger(transaction);
                ledger.keepWanted();
                ledger.step(most);
                left = ledger.isBehind(1) ? left : 0;
                transaction.commit();
            }
        }
    }

    private static List<List<Cell>> kept(Events events) {
        return MEASURES.stream().map(measure -> events.cells("x", 1, measure)).toList();
    }

    private static List<List<Cell>> fromScratch(Transaction transaction) {
        var exposed = new Events(transaction).exposed("x", 1);
        return MEASURES.stream()
                .map(measure ->
                        new Ledger(transaction)
                                .raw(new Tail.Stream("x", 1), measure)
                                .list(exposed, measure.kind() == Kind.MEAN))
                .toList();
    }

    /// What is kept of each unit, to the last bit.
    private static List<String> totals(Transaction transaction) {
        return transaction
                .reading()
                .rows(
                        "SELECT m.text || subject || exposed_at, count, nonzero, quote(sum), other_count, other_nonzero,"
                                + " quote(other_sum) FROM total t JOIN measure m ON m.id = t.measure ORDER BY 1",
                        Contents::text);
    }

    private void everyOrderComesToTheSame(int orders) throws InterruptedException {
        var random = new Random(20261120);
        var arrivals = arrivals(random);
        var first = cells("inOrder", arrivals, random);
        assertThat(first.stream().flatMap(List::stream).mapToLong(Cell::nonzero).sum())
                .isGreaterThan(100);
        for (var order : IntStream.range(0, orders).boxed().toList()) {
            Collections.shuffle(arrivals, random);
            assertThat(cells("order" + order, arrivals, random)).isEqualTo(first);
        }
    }

    @Test
    void in_whatever_order_events_arrive_the_cells_are_the_same_bits_as_from_scratch()
            throws InterruptedException {
        everyOrderComesToTheSame(6);
    }

    @Test
    @Tag("heavy")
    void in_200_orders_the_cells_are_the_same_bits_as_from_scratch() throws InterruptedException {
        everyOrderComesToTheSame(200);
    }
}
