package dev.outboxrelay.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A file that Maven can fetch; it is looked for in the local repository before Maven is asked. */
record MavenArtifact(String group, String artifact, String version, String type, String classifier) {

    private static final String COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.11.0:copy";

    /** The file itself, in the local repository or, if Maven had to be asked, in the directory given. */
    Path resolve(Path downloads) throws IOException {
        String fileName = "%s-%s-%s.%s".formatted(artifact, version, classifier, type);
        Path inRepository = localRepository()
                .resolve(group.replace('.', '/'))
                .resolve(artifact)
                .resolve(version)
                .resolve(fileName);
        if (Files.exists(inRepository)) {
            return inRepository;
        }
        Files.createDirectories(downloads);
        return fetch(downloads, fileName);
    }

    private Path fetch(Path downloads, String fileName) throws IOException {
        Path maven = Stream.of("mvn", "mvn.cmd")
                .flatMap(name -> Executable.find(name).stream())
                .findFirst()
                .orElseThrow(() -> new LocalServiceException(
                        "Maven (mvn) is not on the PATH; it is needed to download " + this + " once"));
        List<String> command = new ArrayList<>(List.of(
                maven.toString(),
                "-q",
                "-B",
                COPY,
                "-Dartifact=" + String.join(":", group, artifact, version, type, classifier),
                "-DoutputDirectory=" + downloads));
        if (System.getProperty("maven.repo.local") != null) {
            command.add("-Dmaven.repo.local=" + System.getProperty("maven.repo.local"));
        }
        Path log = downloads.resolve("maven.log");
        System.err.println("Downloading " + group + ":" + artifact + ":" + version + " (once, about 530 MB) …");
        if (new Launch(command, environment -> {}, downloads, log, Life.OURS).run() != 0) {
            throw new LocalServiceException("Maven cannot download " + fileName + ". " + Logs.tail(log));
        }
        return downloads.resolve(fileName);
    }

    private static Path localRepository() {
        String named = System.getProperty("maven.repo.local");
        return named != null ? Path.of(named) : Path.of(System.getProperty("user.home"), ".m2", "repository");
    }
}
