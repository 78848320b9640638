/// The sandbox: script text and host functions in, an outcome out. Knows no noun.
@org.jspecify.annotations.NullMarked
package assay.scripting;
