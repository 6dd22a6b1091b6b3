package dev.patronstream.demo;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Which module may know which, as the design says. */
@AnalyzeClasses(
        packages = "dev.patronstream",
        importOptions = {ImportOption.DoNotIncludeTests.class, ModuleArrowsTest.NoJarsOfTests.class})
final class ModuleArrowsTest {

    /** The tests of the command share some classes with those of the demo. */
    static final class NoJarsOfTests implements ImportOption {

        @Override
        public boolean includes(Location location) {
            return !location.contains("-tests.jar");
        }
    }

    private static final String SCHEMAS = "dev.patronstream.schemas..";
    private static final String STREAMS = "dev.patronstream.streams..";

    @ArchTest
    static final ArchRule MODULES_KNOW_WHAT_THE_DESIGN_SAYS = layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage("dev.patronstream..")
            .layer("schemas")
            .definedBy(SCHEMAS)
            .layer("sqlserver-standin")
            .definedBy("dev.patronstream.standin..")
            .layer("embedded")
            .definedBy("dev.patronstream.embedded..")
            .layer("sandbox")
            .definedBy("dev.patronstream.sandbox..")
            .layer("connector")
            .definedBy("dev.patronstream.connector..")
            .layer("streams-app")
            .definedBy(STREAMS)
            .layer("snapshotter")
            .definedBy("dev.patronstream.snapshotter..")
            .layer("cli")
            .definedBy("dev.patronstream.cli..")
            .layer("demo")
            .definedBy("dev.patronstream.demo..")
            .whereLayer("schemas")
            .mayNotAccessAnyLayer()
            .whereLayer("sqlserver-standin")
            .mayNotAccessAnyLayer()
            .whereLayer("embedded")
            .mayOnlyAccessLayers("schemas")
            .whereLayer("sandbox")
            .mayOnlyAccessLayers("schemas", "sqlserver-standin", "embedded")
            .whereLayer("connector")
            .mayOnlyAccessLayers("schemas")
            .whereLayer("streams-app")
            .mayOnlyAccessLayers("schemas")
            .whereLayer("snapshotter")
            .mayOnlyAccessLayers("schemas")
            .whereLayer("cli")
            .mayOnlyAccessLayers("schemas", "embedded", "connector", "streams-app", "snapshotter")
            .ensureAllClassesAreContainedInArchitecture();

    /** The oracle reads the rules a second time: not even the contracts' records are shared with what it checks. */
    @ArchTest
    static final ArchRule THE_ORACLE_SHARES_NOTHING_WITH_WHAT_IT_CHECKS = noClasses()
            .that()
            .resideInAPackage("dev.patronstream.sandbox.oracle..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    SCHEMAS,
                    "dev.patronstream.connector..",
                    STREAMS,
                    "dev.patronstream.snapshotter..",
                    "dev.patronstream.cli..");

    /** The topology's rules are a function of their input: dates come from the progress record. */
    @ArchTest
    static final ArchRule THE_TOPOLOGY_READS_NO_CLOCK = noClasses()
            .that()
            .resideInAnyPackage(
                    "dev.patronstream.streams.people..",
                    "dev.patronstream.streams.epochs..",
                    "dev.patronstream.streams.topology..",
                    "dev.patronstream.streams.topics..")
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.time.Clock")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.time.InstantSource")
            .orShould()
            .callMethod(java.time.Instant.class, "now")
            .orShould()
            .callMethod(java.time.LocalDate.class, "now", java.time.ZoneId.class)
            .orShould()
            .callMethod(java.time.LocalDate.class, "now")
            .orShould()
            .callMethod(java.time.LocalDateTime.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis");

    /** The audit works the rules out a second time, so that an error of the topology is not repeated in it. */
    @ArchTest
    static final ArchRule THE_AUDIT_SHARES_NOTHING_WITH_THE_TOPOLOGY = noClasses()
            .that()
            .resideInAPackage("dev.patronstream.cli.audit..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(STREAMS);

    /** Likewise its rows come straight from the driver; only what a value says is decided in the one place for all. */
    @ArchTest
    static final ArchRule THE_ROWS_OF_THE_AUDIT_DO_NOT_COME_BY_THE_WAY_OF_CAPTURED_ONES = noClasses()
            .that()
            .resideInAPackage("dev.patronstream.connector.asof..")
            .should()
            .dependOnClassesThat()
            .haveSimpleNameStartingWith("EventReader")
            .orShould()
            .dependOnClassesThat()
            .haveSimpleNameStartingWith("TextConverter")
            .orShould()
            .dependOnClassesThat()
            .haveSimpleNameStartingWith("SnapshotEpoch");

    /** The roots of the modules count as packages like the others. */
    @ArchTest
    static final ArchRule PACKAGES_HAVE_NO_CYCLES =
            slices().matching("dev.patronstream.(**)").should().beFreeOfCycles();
}
