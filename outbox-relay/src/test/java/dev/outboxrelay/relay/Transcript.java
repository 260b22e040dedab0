package dev.outboxrelay.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The commands of one section of a page, and what it says that they print. A {@code sh} block is run, line by line; a {@code text}
 * block behind it is all that they print, words behind results, but for ids, times and counts; a {@code sql} block is executed as
 * root. Besides the relay's own commands there may be {@code rabbitmqctl}. A line may end with {@code # exit code N}.
 */
record Transcript(List<Block> blocks) {

    private static final Pattern FENCED = Pattern.compile("(?ms)^```(sh|sql|text)\\n(.*?)^```$");
    private static final Pattern COMMAND =
            Pattern.compile("bin/outbox-relay (.*?)(?:\\s*> (\\S+))?(?:\\s*# exit code (\\d).*)?");
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");

    private record Block(String language, String text) {}

    /** @param heading with its {@code #}s; the section ends with the next one of its rank or a higher one */
    static Transcript of(Path page, String heading) {
        try {
            String rank = heading.substring(0, heading.indexOf(' '));
            String text = Files.readString(page);
            Matcher section = Pattern.compile(
                            "(?ms)^%s$(.*?)(?=^#{1,%d} |\\z)".formatted(Pattern.quote(heading), rank.length()))
                    .matcher(text);
            assertThat(section.find())
                    .as("%s has a section '%s'", page, heading)
                    .isTrue();
            return new Transcript(FENCED.matcher(section.group(1))
                    .results()
                    .map(block -> new Block(block.group(1), block.group(2)))
                    .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its first blocks of commands, with what they print. */
    Transcript first(int commands) {
        return new Transcript(blocks.subList(0, end(commands)));
    }

    /** What comes after {@link #first}. */
    Transcript after(int commands) {
        return new Transcript(blocks.subList(end(commands), blocks.size()));
    }

    private int end(int commands) {
        int seen = 0;
        int end = 0;
        while (end < blocks.size()
                && (seen < commands || blocks.get(end).language().equals("text"))) {
            seen += blocks.get(end++).language().equals("sh") ? 1 : 0;
        }
        return end;
    }

    /** Its last block alone. */
    Transcript last() {
        return new Transcript(blocks.subList(blocks.size() - 1, blocks.size()));
    }

    /**
     * Does it all, in its order.
     *
     * @param variables what stands for {@code $NAME} in it
     */
    void play(Cli cli, Map<String, String> variables) {
        Stage stage = cli.stage();
        List<String> problems = new ArrayList<>();
        for (int i = 0; i < blocks.size(); i++) {
            Block block = blocks.get(i);
            if (block.language().equals("sql")) {
                substituted(block.text(), variables)
                        .lines()
                        .forEach(statement -> execute(stage, statement.replaceFirst(";$", "")));
            }
            if (block.language().equals("sh")) {
                String printed = run(cli, substituted(block.text(), variables), problems);
                Block next = i + 1 < blocks.size() ? blocks.get(i + 1) : null;
                compare(
                        block,
                        next,
                        printed.replace(stage.names.orders() + ".", "orders.")
                                .replace(stage.names.mail() + ".", "mail."),
                        problems);
            }
        }
        assertThat(problems).isEmpty();
    }

    /** The tests' schemas have names of their own. */
    private static void execute(Stage stage, String statement) {
        String here = statement
                .replace(" relay.", " " + stage.names.relay() + ".")
                .replace(" orders.", " " + stage.names.orders() + ".");
        if (here.startsWith("SELECT")) {
            assertThat(stage.sql(here).query().listOfRows()).as(here).isNotEmpty();
        } else {
            stage.sql(here).update();
        }
    }

    private static String run(Cli cli, String block, List<String> problems) {
        Path directory = cli.directory();
        StringBuilder printed = new StringBuilder();
        block.lines().forEach(line -> {
            if (line.startsWith("rabbitmqctl ")) {
                printed.append(cli.stage().rabbitmqctl(words(line.substring(line.indexOf(' ') + 1), directory)));
                return;
            }
            Matcher command = COMMAND.matcher(line);
            if (!command.matches()) {
                problems.add("not a command of the relay: " + line);
                return;
            }
            Cli.Result result = cli.run(words(command.group(1), directory));
            int expected = command.group(3) == null ? 0 : Integer.parseInt(command.group(3));
            if (result.code() != expected) {
                problems.add("%s ended with %d: %s".formatted(line, result.code(), result.err()));
            }
            if (command.group(2) == null) {
                printed.append(result.out());
            } else {
                write(directory.resolve(command.group(2)), result.out());
            }
            printed.append(result.err());
        });
        return printed.toString();
    }

    private static void compare(Block command, @Nullable Block next, String printed, List<String> problems) {
        if (next != null
                && next.language().equals("text")
                && !shape(next.text()).equals(shape(printed))) {
            problems.add("%sprints%n%s%nand not%n%s".formatted(command.text(), printed, next.text()));
        }
    }

    private static String[] words(String command, Path directory) {
        return WORD.matcher(command)
                .results()
                .map(word -> word.group(1) == null ? word.group(2) : word.group(1))
                .map(word -> word.endsWith(".json") || word.endsWith(".dat")
                        ? word.replaceFirst("[^=]*$", Matcher.quoteReplacement(directory + "/")) + file(word)
                        : word)
                .toArray(String[]::new);
    }

    private static String file(String word) {
        return word.substring(word.lastIndexOf('=') + 1);
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String substituted(String text, Map<String, String> variables) {
        String substituted = text;
        for (Map.Entry<String, String> variable : variables.entrySet()) {
            substituted = substituted.replace("$" + variable.getKey(), variable.getValue());
        }
        return substituted;
    }

    /** Without what differs from run to run: ids become names by their order, times and counts words; spaces do not count. */
    private static String shape(String text) {
        Map<String, String> ids = new HashMap<>();
        return Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
                .matcher(text)
                .replaceAll(id -> ids.computeIfAbsent(id.group(), key -> "id" + ids.size()))
                .replaceAll("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z", "time")
                .replaceAll("\\d+@[\\w.-]+/id\\d+", "owner")
                .replaceAll("operator \\S+@\\S+", "operator")
                .replaceAll("id(\\d+)(:\\d+(-\\d+)?)+", "id$1:gtids")
                .replaceAll("binlog\\.\\d+(:\\d+)?", "place")
                .replaceAll("\\b\\d+(\\.\\d+)?(d \\d+h|h \\d+m|m \\d+s|s)\\b", "duration")
                .replaceAll("\\d+ (transactions|bytes)", "N $1")
                .replaceAll("(transactions|bytes|seconds|purge_seconds)=\\d+", "$1=N")
                .replaceAll("\"(ts_sec|pos|server_id)\" : \\d+", "\"$1\" : N")
                .replaceAll("epoch \\d+", "epoch N")
                .replaceAll("127\\.0\\.0\\.1:\\d+", "address")
                .replaceAll("\\bt\\d+_", "")
                .replaceAll("virtual host \\S+", "virtual host")
                .replaceAll("(MySQL|RabbitMQ) \\d\\S+", "$1")
                .replaceAll("\\d+(\\.\\d)? [kMGT]?B\\b", "size")
                .replaceAll(" +", " ")
                .strip();
    }
}
