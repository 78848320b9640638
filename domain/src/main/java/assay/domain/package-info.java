/// What every caller shares: who is calling and how a call is refused.
@org.jspecify.annotations.NullMarked
package assay.domain;
