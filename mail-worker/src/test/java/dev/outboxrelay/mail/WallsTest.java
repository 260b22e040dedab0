package dev.outboxrelay.mail;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.elements.ClassesShouldConjunction;
import org.junit.jupiter.api.Test;

class WallsTest {
    private static final String ROOT = "dev.outboxrelay.mail";
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);

    @Test
    void only_the_rabbit_package_knows_the_broker_client() {
        nothingOutside("rabbit", "com.rabbitmq..").check(CLASSES);
    }

    @Test
    void only_the_smtp_package_knows_jakarta_mail() {
        nothingOutside("smtp", "jakarta.mail..", "org.eclipse.angus..").check(CLASSES);
    }

    @Test
    void only_the_claims_package_speaks_sql() {
        nothingOutside("claims", "java.sql..", "javax.sql..").check(CLASSES);
    }

    @Test
    void only_the_letter_package_knows_thymeleaf() {
        nothingOutside("letter", "org.thymeleaf..").check(CLASSES);
    }

    @Test
    void only_the_commands_and_the_main_class_know_picocli() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".cli")
                .and()
                .haveSimpleNameNotStartingWith("MailWorker")
                .and()
                .resideOutsideOfPackage(ROOT)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("picocli..")
                .check(CLASSES);
    }

    @Test
    void the_main_path_knows_no_adapter_and_no_spring() {
        noClasses()
                .that()
                .resideInAPackage(ROOT)
                .and()
                .doNotHaveSimpleName("MailWorker")
                .and()
                .resideOutsideOfPackage("..run..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "..mail.rabbit..",
                        "..mail.smtp..",
                        "..mail.claims..",
                        "..mail.letter..",
                        "org.springframework..")
                .check(CLASSES);
    }

    @Test
    void no_adapter_knows_another() {
        String[] adapters = {"rabbit", "smtp", "claims", "letter"};
        for (String one : adapters) {
            for (String other : adapters) {
                if (!one.equals(other)) {
                    noClasses()
                            .that()
                            .resideInAPackage(ROOT + "." + one)
                            .should()
                            .dependOnClassesThat()
                            .resideInAPackage(ROOT + "." + other)
                            .check(CLASSES);
                }
            }
        }
    }

    private static ClassesShouldConjunction nothingOutside(String inside, String... packages) {
        return noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "." + inside)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(packages);
    }
}
