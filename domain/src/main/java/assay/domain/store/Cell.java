package assay.domain.store;

import assay.stats.JointMoments;

/// What the units of one arm in one cohort come to under one measure.
///
/// @param units those that are measured, as many as the moments are of
/// @param nonzero those of them whose value is not 0
/// @param moments the first number is the value; the second the covariate or denominator, 0 where
///   there is none
public record Cell(int cohort, String arm, long units, long nonzero, JointMoments moments) {}
