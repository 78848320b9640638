package assay.domain.store;

import tools.jackson.databind.node.ObjectNode;

/// What one unit comes to under one measure.
///
/// @param exposedAt milliseconds since 1970
/// @param attributes what it was exposed with, of the declared ones
/// @param other the covariate or denominator, 0 where there is none
public record UnitValue(
        String subject,
        int cohort,
        String arm,
        long exposedAt,
        ObjectNode attributes,
        double value,
        double other) {}
