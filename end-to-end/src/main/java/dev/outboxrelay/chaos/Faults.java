package dev.outboxrelay.chaos;

import dev.outboxrelay.demo.App;
import dev.outboxrelay.demo.Services;
import dev.outboxrelay.local.LocalServer;
import dev.outboxrelay.local.ReceivedMail;
import dev.outboxrelay.local.SmtpAnswer;
import dev.outboxrelay.local.SmtpSink;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** What can be done to a rig: for each kind of fault, those of that kind. */
final class Faults {

    private static final int SILENT_AT_EACH = 3;

    private Faults() {}

    /** All that we know. */
    static List<List<Fault>> all(Rig rig, Purge purge) {
        Services services = rig.pipeline().services();
        List<List<Fault>> kinds = new ArrayList<>();
        apps(rig).forEach(apps -> kinds.addAll(byKind(apps, app -> Fault.of(app.getKey(), app.getValue()))));
        servers(services).forEach(server -> kinds.addAll(single(Fault.of(server.getKey(), server.getValue()))));
        kinds.addAll(single(ofMailServer(services.sink())));
        rig.links().values().forEach(links -> kinds.addAll(byKind(links, Fault::of)));
        kinds.add(List.of(purge.fault()));
        return kinds;
    }

    /** Those that kill, one of each part of the pipeline. */
    static List<List<Fault>> kills(Rig rig) {
        Services services = rig.pipeline().services();
        List<List<Fault>> kinds = new ArrayList<>();
        apps(rig)
                .forEach(apps -> kinds.add(apps.stream()
                        .map(app -> Fault.kill(app.getKey(), app.getValue()))
                        .toList()));
        kinds.addAll(single(servers(services).stream()
                .map(server -> Fault.kill(server.getKey(), server.getValue()))
                .toList()));
        kinds.add(List.of(down(services.sink())));
        return kinds;
    }

    private static List<Collection<Map.Entry<String, App>>> apps(Rig rig) {
        return List.of(
                Map.of("order-app", rig.pipeline().orderApp()).entrySet(),
                rig.relays().entrySet(),
                rig.workers().entrySet());
    }

    private static List<Map.Entry<String, LocalServer>> servers(Services services) {
        return List.of(Map.entry("mysql", services.mysql()), Map.entry("rabbitmq", services.rabbit()));
    }

    private static List<Fault> ofMailServer(SmtpSink sink) {
        return List.of(
                down(sink),
                onMail("takes some, does not say so", sink, silentAtEach(SILENT_AT_EACH)),
                onMail("says 451", sink, mail -> new SmtpAnswer.Reject(451, "4.3.2 Try again later")));
    }

    /** It is in this JVM, so that it cannot be killed alone: to its clients it is the same. */
    private static Fault down(SmtpSink sink) {
        return new Fault("down", "mail server", sink::stop, sink::listen);
    }

    private static Fault onMail(String kind, SmtpSink sink, Function<ReceivedMail, SmtpAnswer> answer) {
        return new Fault(
                kind, "mail server", () -> sink.onMail(answer), () -> sink.onMail(mail -> new SmtpAnswer.Accept()));
    }

    private static Function<ReceivedMail, SmtpAnswer> silentAtEach(int nth) {
        AtomicInteger mails = new AtomicInteger();
        return mail -> mails.incrementAndGet() % nth == 0 ? new SmtpAnswer.AcceptSilently() : new SmtpAnswer.Accept();
    }

    /** From what can be done to each of several, for each thing that can be done those to whom it can. */
    private static <T> List<List<Fault>> byKind(Collection<T> targets, Function<T, List<Fault>> faults) {
        List<List<Fault>> kinds = new ArrayList<>();
        for (T target : targets) {
            List<Fault> ofTarget = faults.apply(target);
            for (int kind = 0; kind < ofTarget.size(); kind++) {
                if (kinds.size() == kind) {
                    kinds.add(new ArrayList<>());
                }
                kinds.get(kind).add(ofTarget.get(kind));
            }
        }
        return kinds;
    }

    private static List<List<Fault>> single(List<Fault> faults) {
        return faults.stream().map(List::of).toList();
    }
}
