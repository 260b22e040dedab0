package dev.outboxrelay.relay;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.outboxrelay.relay");

    @Test
    void only_the_binlog_package_knows_debezium() {
        noClasses()
                .that()
                .resideOutsideOfPackage("..relay.binlog..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.debezium..", "com.github.shyiko..", "org.apache.kafka..")
                .check(CLASSES);
    }

    @Test
    void only_the_rabbit_package_knows_amqp() {
        noClasses()
                .that()
                .resideOutsideOfPackage("..relay.rabbit..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.rabbitmq..")
                .check(CLASSES);
    }

    @Test
    void the_adapters_do_not_know_each_other() {
        noClasses()
                .that()
                .resideInAPackage("..relay.binlog..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("..relay.rabbit..", "..relay.offsets..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage("..relay.rabbit..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("..relay.binlog..", "..relay.offsets..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage("..relay.offsets..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("..relay.binlog..", "..relay.rabbit..")
                .check(CLASSES);
    }
}
