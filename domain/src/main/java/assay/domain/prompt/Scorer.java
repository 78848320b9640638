package assay.domain.prompt;

/// Scores an output by itself.
@FunctionalInterface
interface Scorer {
    /// Looks at one output.
    ///
    /// @throws assay.domain.Refused if what it needs is missing
    Score score(Judged judged);
}
