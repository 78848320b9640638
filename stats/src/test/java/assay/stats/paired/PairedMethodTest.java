package assay.stats.paired;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import assay.stats.Alternative;
import assay.stats.Answer;
import assay.stats.Estimate;
import assay.stats.Why;
import assay.stats.sequential.AsymptoticSequence;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PairedMethodTest {
    private static final PairedMethod SIGNS = new PairedMethod.Discordant();
    private static final PairedMethod SCORES = new PairedMethod.Bounded(0, 1);
    private static final PairedMethod ANYTHING = new PairedMethod.Asymptotic();

    private static Pairs of(double... controlsAndTreatments) {
        var pairs = new Pairs();
        for (int i = 0; i < controlsAndTreatments.length; i += 2) {
            pairs.add(controlsAndTreatments[i], controlsAndTreatments[i + 1]);
        }
        return pairs;
    }

    private static Pairs yesAndNo(int both, int lost, int won) {
        var pairs = new Pairs();
        for (int i = 0; i < both; i++) {
            pairs.add(i % 2, i % 2);
        }
        for (int i = 0; i < lost; i++) {
            pairs.add(1, 0);
        }
        for (int i = 0; i < won; i++) {
            pairs.add(0, 1);
        }
        return pairs;
    }

    /// Differences 1, 2 and 0: mean 1, variance 1. Controls 1, 2, 3: mean 2, variance 1; covariance
    /// of control and difference -1/2. The lift is 1/2 with variance (1 - 2 * 1/2 * -1/2 + 1/4) / 3
    /// / 4.
    @Test
    void pairs_know_their_difference_on_both_scales() {
        var pairs = of(1, 2, 2, 4, 3, 3);
        var effect = pairs.effect().get();
        assertThat(pairs.difference()).isEqualTo(Answer.known(new Estimate(1, Math.sqrt(1 / 3.0))));
        assertThat(effect.absolute()).isEqualTo(pairs.difference());
        assertThat(effect.relative().get().value()).isEqualTo(0.5);
        assertThat(effect.relative().get().standardError())
                .isCloseTo(Math.sqrt(1.75 / 12), within(1e-15));
        assertThat(effect.n()).isEqualTo(3);
        assertThat(pairs.won()).isEqualTo(2);
        assertThat(pairs.lost()).isEqualTo(0);
    }

    @Test
    void a_single_pair_has_no_standard_error() {
        assertThat(of(0, 1).difference()).isEqualTo(Answer.undefined(Why.TOO_FEW_UNITS));
        assertThat(ANYTHING.claim(of(0, 1), 100, 0.05))
                .isEqualTo(Answer.undefined(Why.TOO_FEW_UNITS));
    }

    /// With a uniform mixture, 8 wins and no loss: the evidence is 2^8 / 9.
    @Test
    void discordant_pairs_alone_are_evidence() {
        var claim = SIGNS.claim(yesAndNo(30, 0, 8), 1, 0.05).get();
        assertThat(claim.logEValue().orElseThrow()).isCloseTo(Math.log(256 / 9.0), within(1e-9));
        assertThat(claim.pValue()).isCloseTo(9 / 256.0, within(1e-9));
        assertThat(claim.estimate().value()).isEqualTo(8 / 38.0);
        assertThat(SIGNS.claim(yesAndNo(500, 0, 8), 1, 0.05).get().pValue())
                .isEqualTo(claim.pValue());
    }

    @ParameterizedTest
    @ValueSource(doubles = {10, 200, 2_000})
    void the_interval_of_discordant_pairs_excludes_0_when_their_p_value_is_small(double planned) {
        for (int won = 1; won <= 120; won++) {
            var claim = SIGNS.claim(yesAndNo(80, 20, won), planned, 0.05).get();
            if (Math.abs(claim.pValue() - 0.05) > 0.003) {
                assertThat(claim.interval().contains(0))
                        .as("%d won", won)
                        .isEqualTo(claim.pValue() > 0.05);
            }
        }
    }

    @Test
    void scores_within_bounds_need_no_burn_in_and_refuse_others() {
        assertThat(SCORES.burnIn()).isEqualTo(1);
        assertThat(SCORES.claim(of(0, 1), 100, 0.05).get().pValue()).isGreaterThan(0.5);
        assertThatIllegalArgumentException().isThrownBy(() -> SCORES.claim(of(0, 1.5), 100, 0.05));
    }

    @Test
    void anything_else_is_a_sequence_of_pairs_from_30_on() {
        var pairs = random(1, 40, 0.2);
        assertThat(ANYTHING.burnIn()).isEqualTo(30);
        var look =
                AsymptoticSequence.tunedFor(200, 0.05, Alternative.TWO_SIDED)
                        .at(40, pairs.difference().get())
                        .get();
        var claim = ANYTHING.claim(pairs, 200, 0.05).get();
        assertThat(claim.interval()).isEqualTo(look.interval());
        assertThat(claim.logPValue()).isEqualTo(look.logPValue());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void arms_that_change_places_turn_the_sign(long seed) {
        for (var method : new PairedMethod[] {SCORES, ANYTHING}) {
            var pairs = random(seed, 60, 0.1);
            var turned = new Pairs();
            var random = new SplittableRandom(seed);
            for (int i = 0; i < 60; i++) {
                double control = 0.8 * random.nextDouble();
                turned.add(Math.min(1, control + 0.1 + 0.1 * random.nextDouble()), control);
            }
            var there = method.claim(pairs, 100, 0.05).get();
            var back = method.claim(turned, 100, 0.05).get();
            assertThat(back.estimate().value()).isCloseTo(-there.estimate().value(), within(1e-12));
            assertThat(back.logPValue()).isCloseTo(there.logPValue(), within(1e-9));
            assertThat(back.interval().lower()).isCloseTo(-there.interval().upper(), within(1e-9));
        }
    }

    private static Pairs random(long seed, int n, double shift) {
        var random = new SplittableRandom(seed);
        var pairs = new Pairs();
        for (int i = 0; i < n; i++) {
            double control = 0.8 * random.nextDouble();
            pairs.add(control, Math.min(1, control + shift + 0.1 * random.nextDouble()));
        }
        return pairs;
    }

    @Test
    void knows_without_an_interval_on_which_side_it_lies() {
        for (var method : new PairedMethod[] {SCORES, ANYTHING, SIGNS}) {
            var pairs = yesAndNo(60, 5, 25);
            var interval = method.claim(pairs, 200, 0.05).get().interval();
            for (double than = -0.9; than < 0.95; than += 0.1) {
                assertThat(method.isBeyond(pairs, 200, 0.05, than, 1))
                        .as("%s above %s", method, than)
                        .isEqualTo(interval.lower() > than);
                assertThat(method.isBeyond(pairs, 200, 0.05, than, -1))
                        .isEqualTo(interval.upper() < than);
            }
        }
        assertThat(SCORES.isBeyond(yesAndNo(9, 9, 9), 200, 0.05, -2, 1)).isTrue();
    }

    @Test
    void what_is_missing_to_a_decision_is_what_decides_when_it_comes() {
        for (var method : new PairedMethod[] {SIGNS, SCORES, ANYTHING}) {
            var pairs = yesAndNo(40, 9, 14);
            long enough = method.pairsToDecide(pairs, 500, 0.05).get();
            double times = (double) enough / pairs.n();
            assertThat(method.logEValue(pairs, 500, times))
                    .as(method.toString())
                    .isCloseTo(Math.log(20), within(0.1));
        }
        assertThat(SIGNS.pairsToDecide(yesAndNo(40, 9, 9), 500, 0.05))
                .isEqualTo(Answer.undefined(Why.NO_EFFECT));
    }
}
