package assay.stats.judge;

import assay.stats.Alternative;
import assay.stats.Answer;
import assay.stats.Interval;
import assay.stats.Why;
import assay.stats.distribution.Normal;

/// The rate at which people would pass outputs, from the rate at which a judge does, when how often
/// the judge is right is known from other outputs than these: its sensitivity and its specificity.
///
/// Sources: W. J. Rogan, B. Gladen, American Journal of Epidemiology 107 (1978) 71-76; the interval
/// by Z. Lang, J. Reiczigel, Preventive Veterinary Medicine 113 (2014) 13-22.
///
/// @param estimate (rate + specificity - 1) / (sensitivity + specificity - 1), within 0 to 1
/// @param sensitivity share that the judge passes of what people pass
/// @param specificity share that the judge fails of what people fail
public record CorrectedRate(
        double estimate, Interval interval, double sensitivity, double specificity) {
    /// How often a judge was right where people have looked too.
    ///
    /// @param bothPass passed by judge and people
    /// @param onlyHuman passed by people alone
    /// @param onlyJudge passed by the judge alone
    /// @param bothFail passed by neither
    public record Calibration(long bothPass, long onlyHuman, long onlyJudge, long bothFail) {}

    /// Corrects a rate.
    ///
    /// @param passed outputs that the judge passed
    /// @param n outputs that it judged
    /// @return undefined without outputs, without labels of either kind, and when the judge is no
    ///   better than chance
    public static Answer<CorrectedRate> of(
            Calibration calibration, long passed, long n, double alpha) {
        long good = calibration.bothPass() + calibration.onlyHuman();
        long bad = calibration.onlyJudge() + calibration.bothFail();
        if (n == 0 || good == 0 || bad == 0) {
            return Answer.undefined(Why.NO_UNITS);
        }
        double sensitivity = (double) calibration.bothPass() / good;
        double specificity = (double) calibration.bothFail() / bad;
        double z = Normal.critical(alpha, Alternative.TWO_SIDED);
        double rate = (passed + z * z / 2) / (n + z * z);
        double hits = (calibration.bothPass() + 1.0) / (good + 2.0);
        double rejects = (calibration.bothFail() + 1.0) / (bad + 2.0);
        if (sensitivity + specificity <= 1 || hits + rejects <= 1) {
            return Answer.undefined(Why.UNINFORMATIVE);
        }
        double power = hits + rejects - 1;
        double center = (rate + rejects - 1) / power;
        double ofHits = hits * (1 - hits) / (good + 2.0);
        double ofRejects = rejects * (1 - rejects) / (bad + 2.0);
        double shift = 2 * z * z * (center * ofHits - (1 - center) * ofRejects);
        double variance =
                rate * (1 - rate) / (n + z * z)
                        + center * center * ofHits
                        + (1 - center) * (1 - center) * ofRejects;
        double margin = z * Math.sqrt(variance) / power;
        double plain = ((double) passed / n + specificity - 1) / (sensitivity + specificity - 1);
        return Answer.known(
                new CorrectedRate(
                        Math.clamp(plain, 0, 1),
                        new Interval(
                                Math.clamp(center + shift - margin, 0, 1),
                                Math.clamp(center + shift + margin, 0, 1)),
                        sensitivity,
                        specificity));
    }
}
