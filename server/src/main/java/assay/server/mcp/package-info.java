/// MCP itself: both protocol eras behind one dispatcher, and Assay's own catalog. Knows no
/// transport.
@org.jspecify.annotations.NullMarked
package assay.server.mcp;
