package dev.outboxrelay.order;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.outboxrelay.order");

    @Test
    void there_is_no_rabbitmq_client_on_the_class_path() {
        assertThat(getClass().getResource("/com/rabbitmq/client/Connection.class"))
                .isNull();
        assertThat(getClass().getResource("/org/springframework/amqp/core/Message.class"))
                .isNull();
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("com.rabbitmq..", "jakarta.jms..")
                .check(CLASSES);
    }

    @Test
    void the_outbox_and_the_json_reader_can_be_lifted_out() {
        noClasses()
                .that()
                .resideInAnyPackage("..outbox", "..json", "..security")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.outboxrelay.order")
                .check(CLASSES);
        slices().matching("dev.outboxrelay.order.(*)..")
                .should()
                .notDependOnEachOther()
                .check(CLASSES);
    }

    @Test
    void only_the_tables_and_the_outbox_speak_sql() {
        noClasses()
                .that()
                .doNotHaveSimpleName("OrderTables")
                .and()
                .doNotHaveSimpleName("IdempotencyKeys")
                .and()
                .doNotHaveSimpleName("Wiring")
                .and()
                .doNotHaveSimpleName("Failures")
                .and()
                .doNotHaveSimpleName("DemotedServer")
                .and()
                .resideOutsideOfPackage("..outbox")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.sql..", "javax.sql..", "org.springframework.jdbc..")
                .check(CLASSES);
    }
}
