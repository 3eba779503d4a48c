package io.thirdsession;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameEndingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.elements.GivenClassesConjunction;
import com.tngtech.archunit.library.GeneralCodingRules;
import io.thirdsession.audit.AuditTrail;
import jakarta.servlet.http.HttpServlet;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** Who may know what. A rule that stops a change is to be argued with, not worked around. */
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPath(Path.of("target/classes"));

  private static final JavaClasses TEST_CLASSES =
      new ClassFileImporter().importPath(Path.of("target/test-classes"));

  /**
   * Attacks, benchmarks, containers and phones concern everybody; the others are products of their
   * own.
   */
  private static final DescribedPredicate<JavaClass> OF_NO_ONE_PACKAGE =
      resideInAnyPackage(
          "..attack",
          "..bench..",
          "..history",
          "..miniprogram",
          "..openapi",
          "..output",
          "..site",
          "..war",
          "..development",
          "..simulator",
          "..testing");

  @Test
  void onlyServletsAndTheirSurroundingsKnowTheServletApi() {
    noClassOutside(
            resideInAnyPackage("..http", "..app")
                .or(simpleNameEndingWith("Servlet"))
                .or(simpleNameEndingWith("Authenticator"))
                .or(simpleName("SeedParameters")))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("jakarta.servlet..")
        .check(CLASSES);
  }

  @Test
  void onlyJdbcOpensConnectionsAndOnlyDaosReadRows() {
    noClassOutside(resideInAPackage("..jdbc").or(simpleNameEndingWith("Dao")).or(nestedInADao()))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.sql..", "javax.sql..", "com.zaxxer..", "com.mysql..")
        .check(CLASSES);
  }

  @Test
  void servletsKnowNoDatabase() {
    noClasses()
        .that()
        .areAssignableTo(HttpServlet.class)
        .should()
        .dependOnClassesThat(
            resideInAPackage("..jdbc")
                .and(not(simpleName("Readiness")))
                .or(simpleNameEndingWith("Dao")))
        .check(CLASSES);
  }

  /** A servlet could forget to: what happens is recorded by the service that does it. */
  @Test
  void servletsWriteNoAuditTrail() {
    noClasses()
        .that()
        .areAssignableTo(HttpServlet.class)
        .should()
        .dependOnClassesThat()
        .belongToAnyOf(AuditTrail.class)
        .check(CLASSES);
  }

  @Test
  void ofHttpOnlyTheTranslatorOfFailuresKnowsTheDatabase() {
    noClasses()
        .that(resideInAPackage("..http").and(not(simpleName("Failure"))))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("..jdbc")
        .check(CLASSES);
  }

  @Test
  void onlyTheEnvironmentReadsTheEnvironment() {
    noClassOutside(simpleName("Environment"))
        .should()
        .callMethod(System.class, "getenv")
        .orShould()
        .callMethod(System.class, "getenv", String.class)
        .orShould()
        .callMethod(System.class, "getProperty", String.class)
        .orShould()
        .callMethod(System.class, "getProperty", String.class, String.class)
        .check(CLASSES);
  }

  @Test
  void onlyTheWiringReadsTheClockAndMakesRandomness() {
    noClassOutside(simpleName("AppListener"))
        .should()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(Clock.class, "systemUTC")
        .orShould()
        .callMethod(Clock.class, "tickMillis", ZoneId.class)
        .orShould()
        .callMethod(Clock.class, "systemDefaultZone")
        .orShould()
        .callConstructor(SecureRandom.class)
        .check(CLASSES);
  }

  @Test
  void nothingIsDrawnFromAWeakSource() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .belongToAnyOf(Random.class, ThreadLocalRandom.class)
        .orShould()
        .callMethod(UUID.class, "randomUUID")
        .orShould()
        .callMethod(Math.class, "random")
        .check(CLASSES);
  }

  @Test
  void onlyTheKeyRingAndWhatWeChatEncryptsKnowCiphers() {
    noClassOutside(
            simpleName("KeyRing")
                .or(simpleName("DerivedKey"))
                .or(simpleName("EncryptedData"))
                .or(simpleName("EncryptedPush")))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("javax.crypto..")
        .check(CLASSES);
  }

  @Test
  void onlyTheReadersOfJsonKnowGson() {
    noClassOutside(
            resideInAnyPackage("..json", "..wechat")
                .or(simpleName("JsonFields"))
                .or(simpleName("SeedParameters")))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.google.gson..")
        .check(CLASSES);
  }

  @Test
  void weChatsProtocolKnowsNothingOfOurs() {
    dependsOnNothingOfOursBut(
            "..wechat", "io.thirdsession", "io.thirdsession.json", "io.thirdsession.metrics")
        .check(CLASSES);
  }

  @Test
  void theDatabaseLayerKnowsNothingOfOurs() {
    dependsOnNothingOfOursBut("..jdbc", "io.thirdsession", "io.thirdsession.metrics")
        .check(CLASSES);
  }

  @Test
  void jsonKnowsNothingOfOurs() {
    dependsOnNothingOfOursBut("..json").check(CLASSES);
  }

  @Test
  void metricsKnowNothingOfOurs() {
    dependsOnNothingOfOursBut("..metrics").check(CLASSES);
  }

  /** It has statics and locks of its own: what counts during a check must not meet them. */
  @Test
  void onlyMetricsKnowPrometheus() {
    noClassOutside(resideInAPackage("..metrics"))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.prometheus..")
        .check(CLASSES);
  }

  @Test
  void leafTypesKnowNoPackage() {
    dependsOnNothingOfOursBut("io.thirdsession").check(CLASSES);
  }

  /** It is a product of its own, which anybody's server can be tested with. */
  @Test
  void theSimulatorKnowsNothingOfTheServer() {
    dependsOnNothingOfOursBut("..simulator").check(TEST_CLASSES);
  }

  /** Whoever changes a class finds its tests beside it. */
  @Test
  void eachTestStandsInThePackageOfWhatItTests() {
    Set<String> products = CLASSES.stream().map(JavaClass::getPackageName).collect(toSet());
    Set<String> astray =
        TEST_CLASSES.stream()
            .filter(test -> test.getSimpleName().matches("\\w+(Test|IT)"))
            .filter(not(OF_NO_ONE_PACKAGE))
            .filter(test -> !products.contains(test.getPackageName()))
            .map(JavaClass::getName)
            .collect(toSet());
    assertEquals(Set.of(), astray);
  }

  @Test
  void everyPackageSaysWhatIsNullable() {
    Set<String> without =
        CLASSES.stream()
            .map(JavaClass::getPackage)
            .filter(
                its ->
                    its.tryGetPackageInfo()
                        .filter(info -> info.isAnnotatedWith(NullMarked.class))
                        .isEmpty())
            .map(JavaPackage::getName)
            .collect(toSet());
    assertEquals(Set.of(), without);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("io.thirdsession.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void nobodyBorrowsThreadsThatOutliveARedeploy() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .belongToAnyOf(ForkJoinPool.class)
        .orShould()
        .callMethodWhere(
            DescribedPredicate.describe(
                "CompletableFuture runs it in the common pool or on the JDK's own timer",
                call ->
                    call.getTarget().getOwner().getSimpleName().equals("CompletableFuture")
                        && (call.getTarget()
                                .getName()
                                .matches("orTimeout|completeOnTimeout|delayedExecutor")
                            || (call.getTarget().getName().matches("supplyAsync|runAsync")
                                && call.getTarget().getRawParameterTypes().size() == 1))))
        .check(CLASSES);
  }

  @Test
  void nothingIsPrintedAndNoLoggerButSlf4jIsUsed() {
    GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(CLASSES);
    GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING.check(CLASSES);
  }

  @Test
  void limitsAreCalledMaxAndMin() {
    fields().should().haveNameNotMatching("(MOST|LONGEST|SHORTEST)_.*").check(CLASSES);
  }

  @Test
  void staticsHoldNoState() {
    fields().that().areStatic().should().beFinal().check(CLASSES);
  }

  private static GivenClassesConjunction noClassOutside(
      DescribedPredicate<? super JavaClass> those) {
    return noClasses().that(not(those));
  }

  private static ArchRule dependsOnNothingOfOursBut(String thePackage, String... allowed) {
    DescribedPredicate<JavaClass> ours = resideInAPackage("io.thirdsession..");
    DescribedPredicate<JavaClass> own = resideInAPackage(thePackage);
    return noClasses()
        .that()
        .resideInAPackage(thePackage)
        .should()
        .dependOnClassesThat(ours.and(not(own)).and(not(resideInAnyPackage(allowed))));
  }

  private static DescribedPredicate<JavaClass> nestedInADao() {
    return DescribedPredicate.describe(
        "nested in a DAO",
        c ->
            c.getEnclosingClass()
                .map(outer -> outer.getSimpleName().endsWith("Dao"))
                .orElse(false));
  }
}
