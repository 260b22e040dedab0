package dev.outboxrelay.mail;

final class MailWorker {
    private MailWorker() {}

    public static void main(String[] args) {
        System.out.println("mail-worker");
    }
}
