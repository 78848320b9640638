package assay.stats;

/// What is claimed against "no effect". Effects are always treatment minus control.
public enum Alternative {
    /// The arms differ.
    TWO_SIDED,
    /// The treatment is larger than the control.
    GREATER,
    /// The treatment is smaller than the control.
    LESS;

    /// The same claim with the arms swapped.
    public Alternative swapped() {
        return switch (this) {
            case TWO_SIDED -> TWO_SIDED;
            case GREATER -> LESS;
            case LESS -> GREATER;
        };
    }

    /// The number of ends an interval for this claim has.
    public int sides() {
        return this == TWO_SIDED ? 2 : 1;
    }
}
