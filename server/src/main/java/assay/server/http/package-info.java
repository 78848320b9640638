/// MCP over Streamable HTTP, on Jetty with a virtual thread for each request.
@org.jspecify.annotations.NullMarked
package assay.server.http;
