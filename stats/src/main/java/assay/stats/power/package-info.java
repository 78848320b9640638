/// How many units an experiment needs, what it can detect, and how long it takes.
@org.jspecify.annotations.NullMarked
package assay.stats.power;
