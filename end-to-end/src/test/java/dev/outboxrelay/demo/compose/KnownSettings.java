package dev.outboxrelay.demo.compose;

import dev.outboxrelay.demo.Home;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The settings that a built application can read: those that its libraries describe, and those that its own classes name,
 * in whole or as a prefix with a component of a record. Compared as Spring Boot compares a variable with a property: without
 * case, dots, dashes and underscores.
 */
record KnownSettings(Set<String> names, Set<String> words) {

    private static final Pattern PROPERTY = Pattern.compile("[a-z][a-z0-9-]*(?:\\.[a-z][a-z0-9-]*)+");
    private static final Pattern WORD = Pattern.compile("[a-z][a-zA-Z0-9]*");

    static KnownSettings of(String module) {
        Path app = Home.find().app(module);
        Set<String> names = new HashSet<>();
        Set<String> words = new HashSet<>();
        read(app, PROPERTY, names, entry -> entry.endsWith(".class"));
        read(app, WORD, words, entry -> entry.endsWith(".class"));
        try (Stream<Path> libraries = Files.list(app.resolveSibling("lib"))) {
            libraries.forEach(library ->
                    read(library, PROPERTY, names, entry -> entry.endsWith("/spring-configuration-metadata.json")));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot list the libraries of " + module, e);
        }
        return new KnownSettings(names, words);
    }

    boolean has(String variableOrProperty) {
        String name = squeeze(variableOrProperty);
        return names.contains(name)
                || words.stream()
                        .anyMatch(word -> name.endsWith(word)
                                && names.contains(name.substring(0, name.length() - word.length())));
    }

    private static void read(Path jar, Pattern pattern, Set<String> names, Predicate<String> wanted) {
        try (JarFile file = new JarFile(jar.toFile())) {
            Enumeration<JarEntry> entries = file.entries();
            while (entries.hasMoreElements()) {
                JarEntry entry = entries.nextElement();
                if (wanted.test(entry.getName())) {
                    String text = new String(file.getInputStream(entry).readAllBytes(), StandardCharsets.ISO_8859_1);
                    Matcher found = pattern.matcher(text);
                    while (found.find()) {
                        names.add(squeeze(found.group()));
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + jar, e);
        }
    }

    private static String squeeze(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[._-]", "");
    }
}
