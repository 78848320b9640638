/// Files of events in, and rows of an experiment out.
@org.jspecify.annotations.NullMarked
package assay.server.transfer;
