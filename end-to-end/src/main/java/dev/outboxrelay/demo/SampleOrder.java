package dev.outboxrelay.demo;

import java.util.List;

/** A valid body of {@code POST /v1/orders}. Every number gives another customer, address and basket, always the same. */
public record SampleOrder(String customer, String email, String locale, String currency, List<Line> lines) {

    /** What was ordered, and how many of it. */
    public record Line(String sku, String name, int quantity, long unitPriceMinor) {}

    private static final List<String> CUSTOMERS = List.of("王小明", "李华", "张伟", "Ada Lovelace", "Jürgen Groß", "陳大文");
    private static final List<Line> GOODS = List.of(
            new Line("TEA-001", "龙井茶", 1, 12_800),
            new Line("CUP-014", "青花瓷杯 “山水”", 1, 6_450),
            new Line("INK-203", "墨锭 🖋", 1, 3_990),
            new Line("BOOK-77", "Çay kitabı", 1, 21_500));

    /** The order of that number. */
    public static SampleOrder number(int n) {
        String customer = CUSTOMERS.get(Math.floorMod(n, CUSTOMERS.size()));
        boolean chinese = Character.UnicodeScript.of(customer.codePointAt(0)) == Character.UnicodeScript.HAN;
        return new SampleOrder(
                customer + " " + n,
                "customer-" + n + "@example.com",
                chinese ? "zh-CN" : "en-US",
                "CNY",
                List.of(line(n, 1 + Math.floorMod(n, 3)), line(n + 1, 1)));
    }

    private static Line line(int n, int quantity) {
        Line good = GOODS.get(Math.floorMod(n, GOODS.size()));
        return new Line(good.sku(), good.name(), quantity, good.unitPriceMinor());
    }
}
