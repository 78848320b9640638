/// MCP over standard input and output.
@org.jspecify.annotations.NullMarked
package assay.server.stdio;
