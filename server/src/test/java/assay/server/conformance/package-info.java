@org.jspecify.annotations.NullMarked
package assay.server.conformance;
