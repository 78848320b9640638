/// Pure functions over sufficient statistics: numbers in, records out; no I/O, no clock, no state.
@org.jspecify.annotations.NullMarked
package assay.stats;
