/// Assay seen from outside, through the MCP Java SDK. Loaded by the verbs that need it alone.
@org.jspecify.annotations.NullMarked
package assay.server.client;
