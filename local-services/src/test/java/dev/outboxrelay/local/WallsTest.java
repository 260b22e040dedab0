package dev.outboxrelay.local;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

final class WallsTest {

    private static final JavaClasses OURS = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.outboxrelay.local");

    @Test
    void only_the_extensions_know_junit() {
        noClasses()
                .that()
                .resideInAPackage("dev.outboxrelay.local")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.junit..")
                .check(OURS);
    }

    @Test
    void only_the_sink_knows_its_smtp_library_and_only_the_certificates_know_theirs() {
        noClasses()
                .that()
                .haveNameNotMatching(".*\\.Smtp(Sink|Session).*")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.subethamail..")
                .check(OURS);
        noClasses()
                .that()
                .haveNameNotMatching(".*\\.Certificates.*")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.bouncycastle..")
                .check(OURS);
    }
}
