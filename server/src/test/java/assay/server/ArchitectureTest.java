package assay.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "assay", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule stdout_belongs_to_the_stdio_transport =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("assay.server.stdio")
                    .and()
                    .doNotHaveFullyQualifiedName("assay.server.Main")
                    .should()
                    .accessField(System.class, "out")
                    .because(
                            "a stray print corrupts the JSON-RPC stream; Main hands a PrintStream to the verbs that print");

    @ArchTest
    static final ArchRule packages_have_no_cycles =
            slices().matching("assay.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule the_java_sdk_stays_off_the_call_path =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("assay.server.client")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("io.modelcontextprotocol..", "reactor..")
                    .because("its types and its validator double the cold start");

    @ArchTest
    static final ArchRule jetty_stays_in_http =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("assay.server.http")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("org.eclipse.jetty..")
                    .because("stdio starts without it");

    @ArchTest
    static final ArchRule transports_do_not_know_the_tools =
            noClasses()
                    .that()
                    .resideInAnyPackage("assay.server.stdio", "assay.server.http")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("assay.tools..")
                    .because("every request goes through the dispatcher");
}
