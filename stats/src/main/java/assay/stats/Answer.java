package assay.stats;

import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/// What a statistical question is answered with: a value, or the reason why there is none.
///
/// Nothing in this module answers with NaN, or with a zero that stands for "unknown".
public sealed interface Answer<T> {
    /// The question has an answer.
    record Known<T>(T value) implements Answer<T> {}

    /// The question has no answer for these data.
    record Undefined<T>(Why why) implements Answer<T> {}

    static <T> Answer<T> known(T value) {
        return new Known<>(value);
    }

    static <T> Answer<T> undefined(Why why) {
        return new Undefined<>(why);
    }

    default <R> Answer<R> map(Function<? super T, ? extends R> change) {
        return switch (this) {
            case Known<T>(var value) -> new Known<>(change.apply(value));
            case Undefined<T>(var why) -> new Undefined<>(why);
        };
    }

    default <R> Answer<R> flatMap(Function<? super T, Answer<R>> next) {
        return switch (this) {
            case Known<T>(var value) -> next.apply(value);
            case Undefined<T>(var why) -> new Undefined<>(why);
        };
    }

    /// Asks a further question of two answers; undefined for the first reason met.
    static <A, B, R> Answer<R> both(
            Answer<A> first, Answer<B> second, BiFunction<? super A, ? super B, Answer<R>> next) {
        return first.flatMap(a -> second.flatMap(b -> next.apply(a, b)));
    }

    default boolean isKnown() {
        return this instanceof Known<T>;
    }

    /// The value, empty if undefined.
    default Optional<T> toOptional() {
        return this instanceof Known<T>(var value) ? Optional.of(value) : Optional.empty();
    }

    /// The value where the caller has already made sure that there is one.
    ///
    /// @throws IllegalStateException with the reason in words, if undefined
    default T get() {
        return switch (this) {
            case Known<T>(var value) -> value;
            case Undefined<T>(var why) -> throw new IllegalStateException(why.sentence());
        };
    }
}
