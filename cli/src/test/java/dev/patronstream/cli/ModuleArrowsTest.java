package dev.patronstream.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Which module may know which, as the design says. */
@AnalyzeClasses(packages = "dev.patronstream", importOptions = ImportOption.DoNotIncludeTests.class)
final class ModuleArrowsTest {

    private static final String SCHEMAS = "dev.patronstream.schemas..";
    private static final String CONNECTOR = "dev.patronstream.connector..";
    private static final String STREAMS = "dev.patronstream.streams..";
    private static final String SNAPSHOTTER = "dev.patronstream.snapshotter..";
    private static final String SANDBOX = "dev.patronstream.sandbox..";
    private static final String CLI = "dev.patronstream.cli..";

    @ArchTest
    static final ArchRule CONTRACTS_KNOW_NO_STAGE = noClasses()
            .that()
            .resideInAPackage(SCHEMAS)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(CONNECTOR, STREAMS, SNAPSHOTTER, SANDBOX, CLI);

    @ArchTest
    static final ArchRule THE_CONNECTOR_KNOWS_THE_CONTRACTS_ONLY = noClasses()
            .that()
            .resideInAPackage(CONNECTOR)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(STREAMS, SNAPSHOTTER, SANDBOX, CLI);

    @ArchTest
    static final ArchRule THE_STREAMS_APPLICATION_KNOWS_THE_CONTRACTS_ONLY = noClasses()
            .that()
            .resideInAPackage(STREAMS)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(CONNECTOR, SNAPSHOTTER, SANDBOX, CLI);

    @ArchTest
    static final ArchRule THE_SNAPSHOTTER_KNOWS_THE_CONTRACTS_ONLY = noClasses()
            .that()
            .resideInAPackage(SNAPSHOTTER)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(CONNECTOR, STREAMS, SANDBOX, CLI);

    @ArchTest
    static final ArchRule THE_SANDBOX_KNOWS_NO_STAGE = noClasses()
            .that()
            .resideInAPackage(SANDBOX)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(CONNECTOR, STREAMS, SNAPSHOTTER, CLI);

    /** The oracle reads the rules a second time: not even the contracts' records are shared with what it checks. */
    @ArchTest
    static final ArchRule THE_ORACLE_SHARES_NOTHING_WITH_WHAT_IT_CHECKS = noClasses()
            .that()
            .resideInAPackage("dev.patronstream.sandbox.oracle..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(SCHEMAS, CONNECTOR, STREAMS, SNAPSHOTTER, CLI);

    /** The topology's rules are a function of their input: dates come from the progress record. */
    @ArchTest
    static final ArchRule THE_TOPOLOGY_READS_NO_CLOCK = noClasses()
            .that()
            .resideInAnyPackage("dev.patronstream.streams.people..", "dev.patronstream.streams.epochs..")
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.time.Clock")
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

    @ArchTest
    static final ArchRule STAGES_HAVE_NO_CYCLES_OF_PACKAGES =
            slices().matching("dev.patronstream.(*).(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule EVERY_CLASS_IS_IN_A_MODULE_S_PACKAGE =
            classes().should().resideInAnyPackage(SCHEMAS, CONNECTOR, STREAMS, SNAPSHOTTER, SANDBOX, CLI);
}
