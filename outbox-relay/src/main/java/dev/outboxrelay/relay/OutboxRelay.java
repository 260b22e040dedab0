package dev.outboxrelay.relay;

final class OutboxRelay {
    private OutboxRelay() {}

    public static void main(String[] args) {
        System.out.println("outbox-relay");
    }
}
