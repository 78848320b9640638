package assay.stats;

/// Why a question has no answer. The sentence is fit to be shown.
public enum Why {
    NO_UNITS("An arm has no units yet."),
    TOO_FEW_UNITS("An arm has too few units to estimate a variance."),
    NO_VARIANCE("The values do not vary, so no error bar can be given."),
    NO_EVENTS("Nothing has been observed yet."),
    ZERO_BASELINE("The control's mean is zero, so a change relative to it does not exist."),
    ZERO_DENOMINATOR("The denominators sum to zero, so the ratio does not exist."),
    UNCERTAIN_BASELINE(
            "The control's mean is not distinguishable from zero, so the relative change is"
                    + " unbounded."),
    ONE_SIDED("This interval exists for two sides only."),
    NO_WEIGHT("No arm has any weight."),
    ZERO_WEIGHT_ARM_HAS_UNITS("Units were seen in an arm that has no weight."),
    SINGLE_ARM("A single arm cannot be compared with anything."),
    MANY_LEVELS("A factor has more than two levels, so its effect is not one number."),
    TIES("The exact distribution is not defined for tied values."),
    TOO_LARGE("The exact distribution is not computed for this many values."),
    SEPARATED("Somebody won or lost every comparison, so the strength has no finite estimate."),
    DISCONNECTED("Some items were never compared with the others, directly or indirectly."),
    SINGULAR("A covariate does not vary or repeats another one."),
    IMPOSSIBLE_RATE("The effect would need a rate outside 0 to 1."),
    NO_EFFECT("There is no effect to detect, so no sample is large enough."),
    UNINFORMATIVE("The judge is no better than chance."),
    UNATTAINABLE("The power asked for cannot be reached.");

    private final String sentence;

    Why(String sentence) {
        this.sentence = sentence;
    }

    public String sentence() {
        return sentence;
    }
}
