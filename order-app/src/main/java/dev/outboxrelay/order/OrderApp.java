package dev.outboxrelay.order;

final class OrderApp {
    private OrderApp() {}

    public static void main(String[] args) {
        System.out.println("order-app");
    }
}
