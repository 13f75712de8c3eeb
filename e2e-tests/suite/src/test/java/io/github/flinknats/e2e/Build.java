// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where the build has put things. */
final class Build {

    private static final Path ROOT = Path.of(System.getProperty("project.root"));

    private Build() {}

    static Path root() {
        return ROOT;
    }

    /** This module's build directory. */
    static Path target() {
        return ROOT.resolve("e2e-tests/suite/target");
    }

    /** The jar that users get. */
    static Path uberJar() {
        Path jar = Path.of(System.getProperty("uber.jar"));
        if (!Files.isRegularFile(jar)) {
            throw new IllegalStateException(
                    jar
                            + " is missing: build it with mvn package -pl flink-sql-connector-nats -am");
        }
        return jar;
    }

    /** The class path of a Flink distribution, such as "2.3". */
    static String flinkClassPath(String version) throws IOException {
        return Files.readString(flink().resolve(version).resolve("target/classpath")).strip();
    }

    /** The template of Flink's configuration. */
    static String flinkConfig() throws IOException {
        return Files.readString(flink().resolve("config.yaml"));
    }

    static Path flinkLogging() {
        return flink().resolve("log4j2.properties");
    }

    private static Path flink() {
        return ROOT.resolve("e2e-tests/flink");
    }
}
