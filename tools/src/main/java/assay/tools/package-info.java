/// The three tools agents see: search, fetch and do. Knows no transport.
@org.jspecify.annotations.NullMarked
package assay.tools;
