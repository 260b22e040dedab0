package dev.outboxrelay.relay;

import java.nio.file.Files;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.springframework.util.FileSystemUtils;

/** Gives each test of commands, as parameters of its class's constructor, a {@link Stage} of its own and that one's {@link Cli}. */
final class CommandExtension implements ParameterResolver {

    /** What one test has, until it is over. */
    private record Given(StageExtension stages, Cli cli) implements AutoCloseable {

        static Given to(ExtensionContext test) {
            try {
                StageExtension stages = new StageExtension();
                stages.beforeEach(test);
                return new Given(stages, new Cli(stages.stage(), Files.createTempDirectory("commands")));
            } catch (Exception e) {
                throw new IllegalStateException("There is nothing to run commands on", e);
            }
        }

        @Override
        public void close() throws Exception {
            cli.stage().close();
            FileSystemUtils.deleteRecursively(cli.directory());
        }
    }

    @Override
    public ExtensionContextScope getTestInstantiationExtensionContextScope(ExtensionContext root) {
        return ExtensionContextScope.TEST_METHOD;
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
        Class<?> type = parameter.getParameter().getType();
        return type == Stage.class || type == Cli.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext test) {
        Cli cli = test.getStore(ExtensionContext.Namespace.create(CommandExtension.class))
                .computeIfAbsent(Given.class, key -> Given.to(test), Given.class)
                .cli();
        return parameter.getParameter().getType() == Stage.class ? cli.stage() : cli;
    }
}
