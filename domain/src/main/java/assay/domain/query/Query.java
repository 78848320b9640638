package assay.domain.query;

import assay.domain.noun.Noun;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A question to the store about the objects of one noun.
///
/// @param sort empty for the default: the best match first when the filter has words, else the
///   newest first
/// @param limit most objects to return
/// @param offset objects to skip; 0 when a cursor is given
/// @param cursor where an earlier page ended
/// @param include relations to put in place of ids, and lists to add
/// @param fields names to keep; empty keeps all
/// @param asOf the past moment whose state is asked for
public record Query(
        Noun noun,
        Filter filter,
        List<SortKey> sort,
        int limit,
        int offset,
        Optional<Cursor> cursor,
        List<String> include,
        List<String> fields,
        Optional<Instant> asOf) {
    public Query {
        sort = List.copyOf(sort);
        include = List.copyOf(include);
        fields = List.copyOf(fields);
    }

    /// The same question with another number of objects to return.
    public Query limit(int most) {
        return new Query(noun, filter, sort, most, offset, cursor, include, fields, asOf);
    }
}
