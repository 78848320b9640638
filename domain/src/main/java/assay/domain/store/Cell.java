package assay.domain.store;

import assay.stats.JointMoments;

/// What the measured units of one arm in one cohort come to under one measure.
///
/// @param units measured ones
/// @param nonzero those of them whose value is not 0
/// @param moments of the values, and beside them of the other number of each unit
public record Cell(int cohort, String arm, long units, long nonzero, JointMoments moments) {}
