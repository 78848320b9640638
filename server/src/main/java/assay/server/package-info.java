/// The program: reads settings, builds the objects, starts a transport or runs one verb.
@org.jspecify.annotations.NullMarked
package assay.server;
