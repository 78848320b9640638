package assay.stats;

import static org.assertj.core.api.Assertions.assertThat;

import assay.stats.assignment.SampleRatio;
import assay.stats.bayes.Arms;
import assay.stats.bayes.BetaPosterior;
import assay.stats.bayes.NormalEffect;
import assay.stats.fixed.Cuped;
import assay.stats.fixed.Fieller;
import assay.stats.fixed.FisherExact;
import assay.stats.fixed.ProportionInterval;
import assay.stats.fixed.RatioMetric;
import assay.stats.fixed.TwoProportions;
import assay.stats.fixed.Welch;
import assay.stats.multiplicity.Correction;
import assay.stats.paired.McNemar;
import assay.stats.paired.PairedT;
import assay.stats.power.MeansPower;
import assay.stats.power.ProportionsPower;
import assay.stats.preference.BradleyTerry;
import assay.stats.preference.Match;
import assay.stats.preference.Preference;
import assay.stats.ranks.MannWhitney;
import assay.stats.sequential.AsymptoticSequence;
import assay.stats.sequential.BettingSequence;
import assay.stats.sequential.MixtureSprt;
import assay.stats.sequential.SignEProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// What every method answers at the edges. The table is kept in the documentation; run with
/// `-Dextremes.write=true` to write it anew, and read the difference.
@DisplayNameGeneration(ReplaceUnderscores.class)
class ExtremesTest {
    private static final Path FILE = Path.of("../docs/statistics-extremes.md");
    private static final double ALPHA = 0.05;
    private static final Alternative TWO = Alternative.TWO_SIDED;
    private final StringBuilder table =
            new StringBuilder(
                    """
                    # Answers at the edges

                    Written and checked by `ExtremesTest`. *Undefined* is an answer with a reason, never a number.
                            A p-value below 1e-308 has no double; its natural logarithm is given then.

                    | method | data | answer |
                    |---|---|---|
                    """);

    @Test
    void are_answered_exactly_or_not_at_all() throws IOException {
        means();
        rates();
        tails();
        bayes();
        sequences();
        others();
        if (Boolean.getBoolean("extremes.write")) {
            Files.writeString(FILE, table.toString());
        }
        assertThat(table.toString()).isEqualTo(Files.readString(FILE)).doesNotContain("NaN");
    }

    private <T> void row(String method, String data, Answer<T> answer, Function<T, String> text) {
        String shown =
                switch (answer) {
                    case Answer.Known<T>(var known) -> text.apply(known);
                    case Answer.Undefined<T>(var why) -> "*undefined*: " + why.sentence();
                };
        table.append("| %s | %s | %s |%n".formatted(method, data, shown));
    }

    private static String number(double value) {
        return "%.10g".formatted(value);
    }

    private static String range(Interval interval) {
        return number(interval.lower()) + " to " + number(interval.upper());
    }

    private static Answer<Difference> difference(Moments a, Moments b) {
        return Difference.of(a, b);
    }

    private static Moments spread(double offset) {
        return Moments.of(offset + 1, offset + 2, offset + 4);
    }

    private void means() {
        var none = new Moments();
        row("mean", "n = 0", none.mean(), ExtremesTest::number);
        row("mean", "n = 1", Moments.of(3).mean(), ExtremesTest::number);
        row("variance", "n = 1", Moments.of(3).variance(), ExtremesTest::number);
        row("variance", "all equal", Moments.of(7, 7, 7).variance(), ExtremesTest::number);
        row("variance", "1, 2, 4 plus 1e9", spread(1e9).variance(), ExtremesTest::number);
        row("variance", "1, 2, 4 plus 1e12", spread(1e12).variance(), ExtremesTest::number);
        row("difference", "control n = 0", difference(none, spread(0)), d -> number(d.value()));
        row(
                "difference",
                "n = 1 and 1",
                difference(Moments.of(1), Moments.of(2)),
                d -> number(d.value()));
        row(
                "difference",
                "offset 1e9, gap 0.5",
                difference(spread(1e9), spread(1e9 + 0.5)),
                d -> number(d.value()));
        welch("n = 1 and 3", Moments.of(1), spread(0));
        welch("no variance in both", Moments.of(1, 1), Moments.of(2, 2));
        welch("no variance in one", Moments.of(1, 1), spread(0));
        welch("offset 1e9", spread(1e9), spread(1e9 + 0.5));
        row(
                "Welch",
                "n = 1e9 each, z = 3.354",
                billion().flatMap(d -> Welch.absolute(d, ALPHA, TWO)),
                t -> "p = " + number(t.pValue()));
        row(
                "relative lift",
                "control mean 0",
                difference(Moments.of(-1, 1), spread(0)).flatMap(Difference::relative),
                e -> number(e.value()));
        row(
                "Fieller",
                "control mean 0.2, standard error 0.67",
                Fieller.ofLift(Difference.of(Sample.of(20, 0.2, 9), Sample.of(20, 1, 9)), ALPHA)
                        .flatMap(Fieller::interval),
                ExtremesTest::range);
        var empty = new JointMoments();
        empty.add(1, 0);
        empty.add(2, 0);
        row("ratio", "denominator 0", RatioMetric.sample(empty), s -> number(s.mean()));
        var single = new JointMoments();
        single.add(1, 2);
        row(
                "ratio",
                "n = 1",
                RatioMetric.sample(single).flatMap(Sample::estimate),
                e -> number(e.value()));
        row("CUPED", "n = 1", Cuped.of(single, single), c -> number(c.theta()));
        row(
                "CUPED",
                "covariate constant",
                constantCovariate().flatMap(c -> c.absolute(ALPHA, TWO)),
                t -> "p = " + number(t.pValue()));
    }

    private static Answer<Difference> billion() {
        long n = 1_000_000_000;
        return Answer.known(Difference.of(Sample.of(n, 1, 4), Sample.of(n, 1.0003, 4)));
    }

    private static Answer<Cuped> constantCovariate() {
        var a = new JointMoments();
        var b = new JointMoments();
        for (int i = 0; i < 5; i++) {
            a.add(3, i);
            b.add(3, i * i);
        }
        return Cuped.of(a, b);
    }

    private void welch(String data, Moments a, Moments b) {
        row(
                "Welch",
                data,
                difference(a, b).flatMap(d -> Welch.absolute(d, ALPHA, TWO)),
                t -> "p = " + number(t.pValue()));
    }

    private void rates() {
        rate("0 of 0, 5 of 100", new TwoProportions(0, 0, 5, 100));
        rate("0 of 1, 1 of 1", new TwoProportions(0, 1, 1, 1));
        rate("0 of 1,000, 0 of 1,000", new TwoProportions(0, 1_000, 0, 1_000));
        rate("50 of 50, 60 of 60", new TwoProportions(50, 50, 60, 60));
        rate("0 of 20, 20 of 20", new TwoProportions(0, 20, 20, 20));
        rate(
                "1e8 of 1e9, 100,040,000 of 1e9",
                new TwoProportions(100_000_000, 1_000_000_000, 100_040_000, 1_000_000_000));
        for (var kind : ProportionInterval.values()) {
            row(kind + " interval", "0 of 0", kind.of(0, 0, ALPHA), ExtremesTest::range);
            row(kind + " interval", "0 of 10", kind.of(0, 10, ALPHA), ExtremesTest::range);
            row(kind + " interval", "1 of 1", kind.of(1, 1, ALPHA), ExtremesTest::range);
            row(
                    kind + " interval",
                    "1 of 1e9",
                    kind.of(1, 1_000_000_000, ALPHA),
                    ExtremesTest::range);
        }
    }

    private void rate(String data, TwoProportions counts) {
        row("pooled z", data, counts.pooled(ALPHA, TWO), t -> "p = " + number(t.pValue()));
        row("Wald", data, counts.unpooled(ALPHA, TWO), t -> range(t.interval()));
        row("Newcombe", data, counts.newcombe(ALPHA, TWO), ExtremesTest::range);
        row("relative lift", data, counts.relative(ALPHA, TWO), t -> range(t.interval()));
        row("Fisher", data, FisherExact.of(counts, ALPHA), t -> "p = " + number(t.pTwoSided()));
    }

    private void tails() {
        row(
                "pooled z",
                "1 of 1e6, 3,000 of 1e6",
                new TwoProportions(1, 1_000_000, 3_000, 1_000_000).pooled(ALPHA, TWO),
                t -> "ln p = " + number(t.logPValue()));
        row(
                "pooled z",
                "0.5 against 0.58275 of 100,000",
                new TwoProportions(50_000, 100_000, 58_275, 100_000).pooled(ALPHA, TWO),
                t -> "p = " + number(t.pValue()));
        row(
                "pooled z",
                "0.5 against 0.6 of 1e6",
                new TwoProportions(500_000, 1_000_000, 600_000, 1_000_000).pooled(ALPHA, TWO),
                t -> "ln p = " + number(t.logPValue()));
        row(
                "Welch",
                "t = 60, 40,000 units",
                Welch.absolute(
                        Difference.of(Sample.of(20_000, 1, 1), Sample.of(20_000, 1.6, 1)),
                        ALPHA,
                        TWO),
                t -> "ln p = " + number(t.logPValue()));
        row(
                "Fisher",
                "2 of 2,000, 800 of 2,000",
                FisherExact.of(new TwoProportions(2, 2_000, 800, 2_000), ALPHA),
                t -> "p = " + number(t.pTwoSided()));
        row(
                "sample ratio",
                "500,000 and 540,000",
                SampleRatio.chiSquare(List.of(500_000L, 540_000L), List.of(1.0, 1.0)),
                t -> "ln p = " + number(t.logPValue()));
        row(
                "Holm",
                "1e-300, 0.04",
                Answer.known(Correction.HOLM.adjust(1e-300, 0.04)),
                p -> number(p[0]) + ", " + number(p[1]));
    }

    private void bayes() {
        var flat = new BetaPosterior(1, 1);
        beta("0 of 0, 0 of 0", BetaPosterior.of(0, 0, flat), BetaPosterior.of(0, 0, flat));
        beta("0 of 100, 0 of 100", BetaPosterior.of(0, 100, flat), BetaPosterior.of(0, 100, flat));
        beta("50 of 50, 49 of 50", BetaPosterior.of(50, 50, flat), BetaPosterior.of(49, 50, flat));
        beta(
                "1e8 of 1e9, 100,020,000 of 1e9",
                BetaPosterior.of(100_000_000, 1_000_000_000, flat),
                BetaPosterior.of(100_020_000, 1_000_000_000, flat));
        row(
                "expected relative change",
                "0 of 100, 5 of 100",
                BetaPosterior.of(5, 100, flat).upliftOver(BetaPosterior.of(0, 100, flat)),
                ExtremesTest::number);
        row(
                "normal posterior",
                "standard error 0",
                NormalEffect.of(new Estimate(0.1, 0), Optional.empty(), ALPHA, false),
                e -> number(e.chanceToWin()));
        row(
                "normal posterior",
                "30 standard errors below 0",
                NormalEffect.of(new Estimate(-30, 1), Optional.empty(), ALPHA, false),
                e -> "loss of control " + number(e.lossOfControl()));
    }

    private void beta(String data, BetaPosterior a, BetaPosterior b) {
        var arms = Arms.ofRates(List.of(a, b));
        row("P(B > A)", data, Answer.known(arms.probabilityBetter(1, 0)), ExtremesTest::number);
        row("expected loss of B", data, Answer.known(arms.expectedLoss()[1]), ExtremesTest::number);
    }

    private void sequences() {
        var sequence = AsymptoticSequence.tunedFor(5_000, ALPHA, TWO);
        row(
                "asymptotic sequence",
                "n = 0",
                sequence.at(0, new Estimate(0, 1)),
                l -> range(l.interval()));
        row(
                "asymptotic sequence",
                "standard error 0",
                sequence.at(10, new Estimate(0, 0)),
                l -> range(l.interval()));
        row(
                "asymptotic sequence",
                "n = 1e9, z = 38",
                sequence.at(1_000_000_000, new Estimate(38, 1)),
                l -> "ln p = " + number(l.logPValue()));
        row(
                "mixture SPRT",
                "standard error 0",
                new MixtureSprt(0.01, 0).at(new Estimate(0, 0), ALPHA),
                l -> range(l.interval()));
        row(
                "mixture SPRT",
                "z = 250",
                new MixtureSprt(0.01, 0).at(new Estimate(0.5, 0.002), ALPHA),
                l -> "ln of the ratio " + number(l.logLikelihoodRatio()));
        var betting = new BettingSequence(0, 1);
        row(
                "betting sequence",
                "no values",
                betting.at(betting.table(), 0.5, ALPHA),
                l -> range(l.interval()));
        row(
                "betting sequence",
                "one value, 1",
                betting.at(betting.table(1), 0.5, ALPHA),
                l -> range(l.interval()));
        row(
                "betting sequence",
                "twenty values, all 1",
                betting.at(
                        betting.table(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1),
                        0.5,
                        ALPHA),
                l -> range(l.interval()));
        row(
                "sign e-process",
                "no discordant pair",
                SignEProcess.UNIFORM.at(0, 0, ALPHA),
                l -> range(l.interval()));
        row(
                "sign e-process",
                "0 against 10",
                SignEProcess.UNIFORM.at(0, 10, ALPHA),
                l -> "p = " + number(l.pValue()));
        row(
                "sequential sample ratio",
                "no units",
                SampleRatio.sequential(List.of(0L, 0L), List.of(1.0, 1.0), 100),
                t -> "p = " + number(t.pValue()));
        row(
                "sequential sample ratio",
                "500,100,000 and 499,900,000",
                SampleRatio.sequential(List.of(500_100_000L, 499_900_000L), List.of(1.0, 1.0), 100),
                t -> "p = " + number(t.pValue()));
        row(
                "sample ratio",
                "no units",
                SampleRatio.chiSquare(List.of(0L, 0L), List.of(1.0, 1.0)),
                t -> "p = " + number(t.pValue()));
        row(
                "sample ratio",
                "units in an arm with weight 0",
                SampleRatio.chiSquare(List.of(5L, 1L), List.of(1.0, 0.0)),
                t -> "p = " + number(t.pValue()));
        row(
                "sample ratio",
                "one arm",
                SampleRatio.chiSquare(List.of(5L), List.of(1.0)),
                t -> "p = " + number(t.pValue()));
    }

    private void others() {
        row(
                "paired t",
                "all differences equal",
                PairedT.of(Moments.of(1, 1, 1), ALPHA, TWO),
                t -> "p = " + number(t.pValue()));
        row(
                "paired t",
                "n = 1",
                PairedT.of(Moments.of(1), ALPHA, TWO),
                t -> "p = " + number(t.pValue()));
        row(
                "McNemar",
                "no discordant pair",
                McNemar.of(0, 0),
                t -> "p = " + number(t.exactPValue()));
        row(
                "McNemar",
                "0 against 1,000",
                McNemar.of(0, 1_000),
                t -> "p = " + number(t.exactPValue()));
        row(
                "Mann-Whitney",
                "no values",
                MannWhitney.of(new double[0], new double[] {1}),
                t -> number(t.uB()));
        row(
                "Mann-Whitney",
                "all equal",
                MannWhitney.of(new double[] {3, 3}, new double[] {3, 3})
                        .flatMap(MannWhitney::normal),
                t -> "p = " + number(t.pValue()));
        row(
                "sign test",
                "ties only",
                new Preference(0, 0, 10).signTest(TWO),
                p -> "p = " + number(p));
        row(
                "Bradley-Terry",
                "one item won everything",
                BradleyTerry.of(2, List.of(new Match(0, 1, 5, 0, 0))),
                m -> number(m.elo(0)));
        row(
                "Bradley-Terry",
                "the same with a prior game",
                BradleyTerry.withPrior(2, List.of(new Match(0, 1, 5, 0, 0)), 0.5),
                m -> number(m.elo(0)));
        row(
                "Bradley-Terry",
                "two groups that never met",
                BradleyTerry.of(4, List.of(new Match(0, 1, 2, 3, 0), new Match(2, 3, 1, 1, 0))),
                m -> number(m.elo(0)));
        row(
                "units for an effect",
                "effect 0",
                new MeansPower(1, ALPHA, TWO).unitsPerArm(0, 0.8),
                ExtremesTest::number);
        row(
                "units for an effect",
                "rate above 1",
                ProportionsPower.of(ALPHA).unitsPerArm(0.9, 1.1, 0.8),
                ExtremesTest::number);
        row(
                "units for an effect",
                "rates 1e-6 and 1.1e-6",
                ProportionsPower.of(ALPHA).unitsPerArm(1e-6, 1.1e-6, 0.8),
                ExtremesTest::number);
        row(
                "detectable rate",
                "rate 0.5, n = 2",
                ProportionsPower.of(ALPHA).detectable(0.5, 2, 0.8),
                ExtremesTest::number);
    }
}
