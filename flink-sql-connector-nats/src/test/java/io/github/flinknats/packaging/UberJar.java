// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.packaging;

import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/** The built jar and all its files, in memory. */
final class UberJar {

    private static final String CLASS = ".class";

    /** What the build put on this JVM's class path, and the jar must bring itself. */
    private static final List<String> BUNDLED =
            List.of("flink-connector-nats", "jnats", "bcprov", "jspecify", "test-classes");

    private final Path path;
    private final Map<String, byte[]> files = new TreeMap<>();

    private UberJar(Path path) {
        this.path = path;
    }

    static UberJar read() throws IOException {
        UberJar jar = new UberJar(Path.of(System.getProperty("uber.jar")));
        try (JarFile file = new JarFile(jar.path.toFile(), true)) {
            for (JarEntry entry : (Iterable<JarEntry>) file.stream()::iterator) {
                if (!entry.isDirectory()) {
                    jar.files.put(entry.getName(), file.getInputStream(entry).readAllBytes());
                }
            }
        }
        return jar;
    }

    long size() throws IOException {
        return Files.size(path);
    }

    List<String> names() {
        return new ArrayList<>(files.keySet());
    }

    /** A file as lines, without those that are empty. */
    List<String> lines(String name) {
        List<String> lines = new ArrayList<>();
        for (String line : text(name).split("\n", -1)) {
            if (!line.isBlank()) {
                lines.add(line);
            }
        }
        return lines;
    }

    String text(String name) {
        byte[] content = files.get(name);
        if (content == null) {
            throw new AssertionError("not in the jar: " + name + "; there are " + files.keySet());
        }
        return new String(content, StandardCharsets.UTF_8);
    }

    /** All classes, by file name. */
    List<ClassFile> classes() throws IOException {
        List<ClassFile> classes = new ArrayList<>();
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            if (file.getKey().endsWith(CLASS)) {
                classes.add(ClassFile.parse(file.getKey(), file.getValue()));
            }
        }
        return classes;
    }

    /** Loads from the jar and from Flink, but nothing that the jar should have brought along. */
    URLClassLoader loader() throws MalformedURLException {
        List<URL> urls = new ArrayList<>();
        urls.add(path.toUri().toURL());
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            if (BUNDLED.stream().noneMatch(entry::contains)) {
                urls.add(Path.of(entry).toUri().toURL());
            }
        }
        return new URLClassLoader(urls.toArray(new URL[0]), ClassLoader.getPlatformClassLoader());
    }
}
