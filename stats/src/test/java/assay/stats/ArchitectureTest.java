package assay.stats;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "assay.stats", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule packages_have_no_cycles =
            slices().matching("assay.stats.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule the_nouns_know_no_method =
            noClasses()
                    .that()
                    .resideInAPackage("assay.stats")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("assay.stats.*..");

    @ArchTest
    static final ArchRule answers_depend_on_nothing_but_the_question =
            noClasses()
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "java.io",
                            "java.nio..",
                            "java.time..",
                            "java.net..",
                            "java.util.random")
                    .because("the same numbers must always give the same digits");

    @ArchTest
    static final ArchRule the_engine_needs_nothing_of_ours =
            noClasses()
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "assay.domain..",
                            "assay.tools..",
                            "assay.scripting..",
                            "assay.server..");
}
