// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAnnotation;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.domain.JavaEnumConstant;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the classes to the map of rooms and to what one jar for several Flink versions may use. */
class ArchitectureTest {
    private static final String BASE = "io.github.flinknats";
    private static final String FLINK = "org.apache.flink.";
    private static final String NATS = "io.nats.";
    private static final int MOST_LINES = 400;
    private static final int MOST_PARAMETERS = 5;

    /** A room uses only rooms that stand above it. The root holds annotations for all. */
    private static final List<String> ROOMS =
            Arrays.asList(
                    "",
                    "subject",
                    "client",
                    "record",
                    "publish",
                    "lineage",
                    "source.config",
                    "source.split",
                    "source.cursor",
                    "source.enumerator",
                    "source.reader",
                    "source",
                    "sink.config",
                    "sink.commit",
                    "sink.committer",
                    "sink.writer",
                    "sink",
                    "table.config",
                    "table.row",
                    "table.lookup",
                    "table",
                    "table.catalog");

    /** Rooms that know the NATS client; the others get by with what these tell. */
    private static final Set<String> ROOMS_WITH_NATS =
            Set.of("client", "publish", "source.cursor", "sink.commit");

    /** Rooms that know of Flink no more than its annotations. */
    private static final Set<String> ROOMS_WITHOUT_FLINK =
            Set.of("", "client", "publish", "source.cursor", "sink.commit");

    /** Classes of Flink that are not declared as public, and why each is used all the same. */
    private static final Map<String, String> UNDECLARED_FLINK =
            Map.of(
                    "org.apache.flink.configuration.FallbackKey",
                    "what ConfigOption.fallbackKeys(), which is declared, is made of",
                    "org.apache.flink.streaming.api.connector.sink2.SupportsPreWriteTopology",
                    "the only place where a sink sees whether its job makes checkpoints",
                    "org.apache.flink.connector.base.source.reader.splitreader.SplitsRemoval",
                    "the only word by which a split reader hears that a split goes");

    /** What some Flink from 1.20 to 2.3 does not have, or has in another shape. */
    private static final Set<String> NOT_IN_EVERY_FLINK =
            Set.of(
                    "org.apache.flink.api.connector.sink2.Sink$InitContext",
                    "org.apache.flink.api.connector.sink2.StatefulSink",
                    "org.apache.flink.api.connector.sink2.TwoPhaseCommittingSink",
                    "org.apache.flink.api.connector.sink2.WithPostCommitTopology",
                    "org.apache.flink.connector.base.sink.AsyncSinkBase",
                    "org.apache.flink.connector.base.sink.writer.AsyncSinkWriter",
                    "org.apache.flink.connector.base.sink.writer.ElementConverter",
                    "org.apache.flink.api.connector.source.SupportsSplitReassignmentOnRecovery",
                    "org.apache.flink.api.connector.source.RichSourceReaderContext",
                    "org.apache.flink.metrics.groups.SourceSplitMetricGroup",
                    "org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy",
                    "org.apache.flink.table.connector.sink.SinkProvider",
                    "org.apache.flink.table.connector.source.TableFunctionProvider",
                    "org.apache.flink.table.connector.source.SourceFunctionProvider",
                    "org.apache.flink.table.connector.sink.SinkFunctionProvider",
                    "org.apache.flink.table.connector.sink.abilities.SupportsTargetColumnWriting",
                    "org.apache.flink.streaming.api.functions.source.SourceFunction",
                    "org.apache.flink.streaming.api.functions.sink.SinkFunction",
                    "org.apache.flink.table.factories.ManagedTableFactory",
                    "org.apache.flink.api.common.restartstrategy.RestartStrategies");

    /** As {@link #NOT_IN_EVERY_FLINK}, by method: owner, name and parameters. */
    private static final List<String> METHODS_NOT_IN_EVERY_FLINK =
            Arrays.asList(
                    "org.apache.flink.table.connector.ChangelogMode.upsert(boolean)",
                    "org.apache.flink.table.connector.ChangelogMode.keyOnlyDeletes(",
                    "org.apache.flink.table.connector.ChangelogMode$Builder.keyOnlyDeletes(",
                    "org.apache.flink.api.connector.source.ReaderInfo"
                            + ".getReportedSplitsOnRegistration(",
                    "org.apache.flink.api.connector.source.SourceReaderContext.emitWatermark(",
                    "org.apache.flink.api.connector.source.Source.declareWatermarks(",
                    "org.apache.flink.api.connector.sink2.InitContext.getSubtaskId(",
                    "org.apache.flink.api.connector.sink2.InitContext.getAttemptNumber(",
                    "org.apache.flink.api.connector.sink2.InitContext"
                            + ".getNumberOfParallelSubtasks(",
                    "org.apache.flink.table.catalog.CatalogTable.of(",
                    "org.apache.flink.table.catalog.CatalogTable.toProperties(",
                    "org.apache.flink.table.connector.ProviderContext.getName(");

    /** Types whose abstract methods differ between versions: to be used, not to be extended. */
    private static final List<String> NEVER_EXTENDED =
            Arrays.asList(
                    "org.apache.flink.table.data.RowData",
                    "org.apache.flink.table.data.ArrayData",
                    "org.apache.flink.table.data.MapData",
                    "org.apache.flink.api.common.typeinfo.TypeInformation");

    /** Constructors with more parameters than others may have, and why. */
    private static final Map<String, String> LONG_CONSTRUCTORS = Map.of();

    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .importUrl(OwnedBy.class.getProtectionDomain().getCodeSource().getLocation());

    // ------------------------------------------------------------------ rooms

    @Test
    void everyClassIsInARoomOfTheMap() {
        assertThat(CLASSES.stream().map(ArchitectureTest::room).distinct())
                .isSubsetOf(ROOMS)
                .contains("source.cursor", "table");
    }

    @Test
    void roomsUseOnlyRoomsAboveThem() {
        noDependency(
                "uses a room below its own",
                dependency -> {
                    JavaClass target = target(dependency);
                    return isOurs(target)
                            && ROOMS.indexOf(room(target))
                                    > ROOMS.indexOf(room(dependency.getOriginClass()));
                });
    }

    @Test
    void sourceAndSinkNeverMeet() {
        noDependency(
                "lets source and sink meet",
                dependency -> {
                    String from = room(dependency.getOriginClass());
                    JavaClass target = target(dependency);
                    String to = isOurs(target) ? room(target) : "";
                    return (isUnder("source", from) && isUnder("sink", to))
                            || (isUnder("sink", from) && isUnder("source", to));
                });
    }

    @Test
    void subjectsAreTextAndNothingElse() {
        noDependency(
                "brings something into the room of subjects",
                dependency -> {
                    JavaClass target = target(dependency);
                    return room(dependency.getOriginClass()).equals("subject")
                            && !target.getPackageName().startsWith("java.")
                            && !target.getPackageName().startsWith("org.jspecify.")
                            && !(isOurs(target) && room(target).equals("subject"));
                });
    }

    @Test
    void onlyItsRoomsKnowTheClient() {
        noDependency(
                "uses the NATS client outside of its rooms",
                dependency ->
                        target(dependency).getName().startsWith(NATS)
                                && !ROOMS_WITH_NATS.contains(room(dependency.getOriginClass())));
    }

    @Test
    void someRoomsDoWithoutFlink() {
        noDependency(
                "uses Flink where it should not be known",
                dependency -> {
                    String name = target(dependency).getName();
                    return name.startsWith(FLINK)
                            && !name.startsWith("org.apache.flink.annotation.")
                            && ROOMS_WITHOUT_FLINK.contains(room(dependency.getOriginClass()));
                });
    }

    @Test
    void everyRoomIsNullMarked() {
        Set<String> unmarked =
                CLASSES.stream()
                        .map(JavaClass::getPackage)
                        .filter(
                                room ->
                                        !room.isAnnotatedWith(
                                                "org.jspecify.annotations.NullMarked"))
                        .map(room -> room.getName())
                        .collect(Collectors.toCollection(TreeSet::new));
        assertThat(unmarked).isEmpty();
    }

    // ------------------------------------------------------------------ Flink, in five versions

    @Test
    void usesOnlyWhatFlinkDeclaresAsItsApi() {
        Set<String> used = new HashSet<>();
        noDependency(
                "uses a class of Flink that is not declared as public",
                dependency -> {
                    JavaClass target = target(dependency);
                    used.add(outermost(target).getName());
                    return target.getName().startsWith(FLINK)
                            && !target.getName().startsWith("org.apache.flink.annotation.")
                            && !isApi(target)
                            && !UNDECLARED_FLINK.containsKey(outermost(target).getName());
                });
        assertThat(used).as("no longer needed").containsAll(UNDECLARED_FLINK.keySet());
    }

    @Test
    void usesOnlyWhatEveryFlinkHas() {
        noDependency(
                "uses a class that some Flink does not have",
                dependency -> NOT_IN_EVERY_FLINK.contains(target(dependency).getName()));
    }

    @Test
    void callsOnlyWhatEveryFlinkHas() {
        assertThat(
                        CLASSES.stream()
                                .flatMap(type -> type.getMethodCallsFromSelf().stream())
                                .filter(ArchitectureTest::isMissingSomewhere)
                                .map(JavaMethodCall::getDescription))
                .isEmpty();
    }

    private static boolean isMissingSomewhere(JavaMethodCall call) {
        String called = call.getTarget().getFullName();
        return METHODS_NOT_IN_EVERY_FLINK.stream().anyMatch(called::startsWith)
                // Typed getters and setters by option went away; get and set stayed.
                || called.matches(
                        "org\\.apache\\.flink\\.configuration\\.Configuration\\.(get|set)"
                                + "(Integer|Long|String|Boolean|Double|Float|Enum)\\("
                                + "org\\.apache\\.flink\\.configuration\\.ConfigOption.*");
    }

    @Test
    void extendsNothingThatChangesItsAbstractMethods() {
        noClass(
                "extends a type that differs between versions of Flink",
                type -> NEVER_EXTENDED.stream().anyMatch(type::isAssignableTo));
    }

    // ------------------------------------------------------------------ what users see

    @Test
    void everyPublicClassSaysWhomItIsFor() {
        noClass(
                "is neither @PublicEvolving nor @Internal",
                type ->
                        type.isTopLevelClass()
                                && type.getModifiers().contains(JavaModifier.PUBLIC)
                                // The root's annotations speak for themselves, subjects import
                                // nothing.
                                && !room(type).isEmpty()
                                && !room(type).equals("subject")
                                && !isApi(type)
                                && !type.isAnnotatedWith("org.apache.flink.annotation.Internal"));
    }

    /** The one jar moves the client's classes to another package, so users could not name them. */
    @Test
    void usersNeverMeetTheClient() {
        noClass(
                "shows a class of the NATS client to users",
                type -> isApi(type) && shownTypes(type).anyMatch(name -> name.startsWith(NATS)));
    }

    private static Stream<String> shownTypes(JavaClass type) {
        Stream<JavaClass> parents =
                Stream.concat(
                        type.getAllRawSuperclasses().stream(), type.getAllRawInterfaces().stream());
        Stream<JavaClass> members =
                type.getMembers().stream()
                        .filter(ArchitectureTest::isShown)
                        .flatMap(ArchitectureTest::typesOf);
        return Stream.concat(parents, members).map(shown -> shown.getBaseComponentType().getName());
    }

    private static boolean isShown(JavaMember member) {
        return member.getModifiers().contains(JavaModifier.PUBLIC)
                || member.getModifiers().contains(JavaModifier.PROTECTED);
    }

    private static Stream<JavaClass> typesOf(JavaMember member) {
        if (member instanceof JavaField) {
            return ((JavaField) member).getType().getAllInvolvedRawTypes().stream();
        }
        JavaCodeUnit code = (JavaCodeUnit) member;
        return Stream.concat(
                Stream.concat(
                        code.getReturnType().getAllInvolvedRawTypes().stream(),
                        code.getParameterTypes().stream()
                                .flatMap(type -> type.getAllInvolvedRawTypes().stream())),
                code.getThrowsClause().getTypes().stream());
    }

    // ------------------------------------------------------------------ threads

    @Test
    void everythingThatChangesHasAnOwner() {
        noClass(
                "has a field that is not final and no @OwnedBy",
                type ->
                        owners(type).isEmpty()
                                && type.getFields().stream()
                                        .anyMatch(
                                                field ->
                                                        !field.getModifiers()
                                                                        .contains(
                                                                                JavaModifier.FINAL)
                                                                && !field.getModifiers()
                                                                        .contains(
                                                                                JavaModifier
                                                                                        .STATIC)));
    }

    @Test
    void whatOneThreadOwnsNeedsNoLocks() {
        noClass(
                "is owned by one thread, yet guards against others",
                type ->
                        !owners(type).isEmpty()
                                && !owners(type).contains("ANY")
                                && (type.getFields().stream()
                                                .anyMatch(
                                                        field ->
                                                                field.getModifiers()
                                                                        .contains(
                                                                                JavaModifier
                                                                                        .VOLATILE))
                                        || type.getMethods().stream()
                                                .anyMatch(
                                                        method ->
                                                                method.getModifiers()
                                                                        .contains(
                                                                                JavaModifier
                                                                                        .SYNCHRONIZED))
                                        || sourceOf(type)
                                                .anyMatch(
                                                        line ->
                                                                line.matches(
                                                                        "\\s*synchronized \\(.*"))));
    }

    /** Of the class itself, or of the one around it: an inner class shares its owner. */
    private static Set<String> owners(JavaClass type) {
        for (JavaClass at = type; at != null; at = at.getEnclosingClass().orElse(null)) {
            for (JavaAnnotation<JavaClass> annotation : at.getAnnotations()) {
                if (annotation.getRawType().getName().equals(OwnedBy.class.getName())) {
                    Object[] roles = (Object[]) annotation.get("value").orElseThrow();
                    return Arrays.stream(roles)
                            .map(role -> ((JavaEnumConstant) role).name())
                            .collect(Collectors.toSet());
                }
            }
        }
        return Set.of();
    }

    // ------------------------------------------------------------------ sizes

    @Test
    void noClassIsTooLong() throws IOException {
        try (Stream<Path> files = Files.walk(sources())) {
            assertThat(
                            files.filter(file -> file.toString().endsWith(".java"))
                                    .filter(file -> lines(file).size() > MOST_LINES)
                                    .map(file -> sources().relativize(file) + " is too long"))
                    .isEmpty();
        }
    }

    @Test
    void noConstructorTakesTooMuch() {
        Set<String> tooLong =
                CLASSES.stream()
                        .flatMap(type -> type.getConstructors().stream())
                        .filter(made -> written(made) > MOST_PARAMETERS)
                        .map(made -> made.getOwner().getName())
                        .collect(Collectors.toSet());
        assertThat(tooLong).isEqualTo(LONG_CONSTRUCTORS.keySet());
    }

    /** The parameters in the source: the compiler adds the outer object, or name and ordinal. */
    private static int written(JavaConstructor made) {
        JavaClass type = made.getOwner();
        int all = made.getRawParameterTypes().size();
        if (type.isEnum()) {
            return all - 2;
        }
        boolean hasOuterObject =
                all > 0
                        && type.getEnclosingClass().isPresent()
                        && made.getRawParameterTypes()
                                .get(0)
                                .equals(type.getEnclosingClass().orElseThrow());
        return hasOuterObject ? all - 1 : all;
    }

    // ------------------------------------------------------------------ tools

    private static void noDependency(String fault, Predicate<Dependency> matching) {
        assertThat(
                        CLASSES.stream()
                                .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                                .filter(matching)
                                .map(dependency -> fault + ": " + dependency.getDescription()))
                .isEmpty();
    }

    private static void noClass(String fault, Predicate<JavaClass> matching) {
        assertThat(CLASSES.stream().filter(matching).map(type -> type.getName() + " " + fault))
                .isEmpty();
    }

    private static JavaClass target(Dependency dependency) {
        return dependency.getTargetClass().getBaseComponentType();
    }

    private static boolean isOurs(JavaClass type) {
        return isUnder(BASE, type.getPackageName());
    }

    private static String room(JavaClass type) {
        String name = type.getPackageName();
        return name.equals(BASE) ? "" : name.substring(BASE.length() + 1);
    }

    private static boolean isUnder(String room, String name) {
        return name.equals(room) || name.startsWith(room + '.');
    }

    /** Declared for users by Flink's annotations, on the class or on one around it. */
    private static boolean isApi(JavaClass type) {
        for (JavaClass at = type; at != null; at = at.getEnclosingClass().orElse(null)) {
            if (at.isAnnotatedWith("org.apache.flink.annotation.Public")
                    || at.isAnnotatedWith("org.apache.flink.annotation.PublicEvolving")) {
                return true;
            }
        }
        return false;
    }

    private static JavaClass outermost(JavaClass type) {
        JavaClass at = type;
        while (at.getEnclosingClass().isPresent()) {
            at = at.getEnclosingClass().orElseThrow();
        }
        return at;
    }

    private static Path sources() {
        return Paths.get("src", "main", "java");
    }

    private static Stream<String> sourceOf(JavaClass type) {
        return lines(sources().resolve(outermost(type).getName().replace('.', '/') + ".java"))
                .stream();
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
