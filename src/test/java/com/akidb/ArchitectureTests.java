package com.akidb;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.engine.Table;
import com.akidb.engine.TableEngine;
import com.akidb.table.TableDirectory;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.properties.CanBeAnnotated;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.springframework.context.annotation.Configuration;

/** Rules of the code that the rooms alone do not say; each is shown to catch what breaks it. */
class ArchitectureTests {

    private static final List<ArchRule> RULES = List.of(
            noFields()
                    .should()
                    .beAnnotatedWith("org.springframework.beans.factory.annotation.Autowired")
                    .because("what a class needs comes through its constructor"),
            fields().that()
                    .areStatic()
                    .and()
                    .doNotHaveModifier(JavaModifier.SYNTHETIC)
                    .should()
                    .beFinal()
                    .because("two servers in one process must not share state"),
            noClasses()
                    .that()
                    .resideOutsideOfPackages("com.akidb.http..", "com.akidb.ops..", "com.akidb.security..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("reactor..")
                    .because("the core speaks futures and plain calls; Reactor stays at the REST surface"),
            noClasses()
                    .should()
                    .beMetaAnnotatedWith("org.springframework.stereotype.Component")
                    .orShould()
                    .beAnnotatedWith("org.springframework.stereotype.Component")
                    .because("each room wires its plain classes in its one configuration"),
            noClasses()
                    .that()
                    .resideOutsideOfPackages(
                            "com.akidb.engine..", "com.akidb.table.computed..", "com.akidb.collection..")
                    .and()
                    .doNotBelongToAnyOf(TableDirectory.class)
                    .should()
                    .callMethod(TableEngine.class, "reader", Table.class)
                    .orShould()
                    .callMethod(TableEngine.class, "reader", UUID.class)
                    .because("TableDirectory's readers keep to what the caller may see"));

    @TestFactory
    Stream<DynamicTest> theCodeKeepsTheRules() {
        JavaClasses product = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("com.akidb");
        DescribedPredicate<JavaClass> generated = JavaClass.Predicates.resideInAPackage("com.akidb.grpc.proto..");
        JavaClasses own = product.that(
                DescribedPredicate.not(generated.or(CanBeAnnotated.Predicates.metaAnnotatedWith(Configuration.class))));
        return RULES.stream().map(rule -> DynamicTest.dynamicTest(rule.getDescription(), () -> rule.check(own)));
    }

    @TestFactory
    Stream<DynamicTest> eachRuleCatchesWhatBreaksIt() {
        JavaClasses wrong = new ClassFileImporter().importPackages("wrongrooms");
        return RULES.stream()
                .map(rule -> DynamicTest.dynamicTest(
                        rule.getDescription(),
                        () -> assertThat(rule.evaluate(wrong).hasViolation()).isTrue()));
    }
}
