"""The tables that the bundled project `shop` reads, made by one statement of a session.

Days are counted back from today, since the project reads "the last days": the same rows come out on every day.
"""
for db in ("shop_raw", "web_raw", "marketing_raw"):
    spark.sql(f"create database if not exists {db} location 's3://example-shop-raw/{db}'")


def make(name, rows, **columns):
    selected = ", ".join(f"{expression} as {column}" for column, expression in columns.items())
    database, table = name.split(".")
    spark.sql(
        f"create table {name} using parquet location 's3://example-shop-raw/{database}/{table}' "
        f"as select {selected} from range({rows})"
    )


def one_of(*values):
    """One of the values for each row, in turn."""
    listed = ", ".join(repr(value) for value in values)
    return f"element_at(array({listed}), cast(id % {len(values)} + 1 as int))"


today = "date_trunc('day', current_timestamp())"
# From noon of yesterday on, an hour back for each row.
when = f"timestampadd(hour, -12 - cast(id % 700 as int), {today})"
make(
    "shop_raw.orders",
    400,
    order_id="id+1",
    customer_id="id%50+1",
    order_number="concat('N',id)",
    status=one_of("Placed", "PAID", "shipped", "Cancelled", "delivered"),
    currency_code=one_of("EUR", "CHF", "DKK"),
    shipping_country=one_of("DE", "FR", "GB", "US"),
    placed_at=when,
    updated_at=when,
    loaded_at=today,
)
make(
    "shop_raw.order_lines",
    900,
    order_line_id="id+1",
    order_id="id%400+1",
    product_id="id%30+1",
    quantity="cast(id%4+1 as int)",
    unit_price="cast(5+id%90 as decimal(12,2))",
    discount_amount="cast(id%3 as decimal(12,2))",
    loaded_at=today,
)
make(
    "shop_raw.customers",
    50,
    customer_id="id+1",
    email="concat('c',id,'@example.com')",
    first_name="concat('F',id)",
    last_name="concat('L',id)",
    country_code=one_of("DE", "FR", "GB", "US"),
    marketing_consent="id%2=0",
    created_at="timestamp '2023-01-01 00:00:00'",
    updated_at=when,
    loaded_at=today,
)
make(
    "shop_raw.products",
    30,
    product_id="id+1",
    sku="concat('SKU',id)",
    product_name="concat('Product ',id)",
    category_code=one_of("BED", "BTH", "KIT"),
    unit_cost="cast(3+id%20 as decimal(12,2))",
    list_price="cast(9+id%40 as decimal(12,2))",
    is_active="id%7<>0",
    updated_at=when,
    loaded_at=today,
)
make(
    "shop_raw.payments",
    420,
    payment_id="id+1",
    order_id="id%400+1",
    payment_method=one_of("card", "paypal", "invoice"),
    amount="cast(20+id%100 as decimal(12,2))",
    status=one_of("captured", "failed", "authorised"),
    paid_at=when,
    loaded_at=today,
)
make(
    "shop_raw.refunds",
    30,
    refund_id="id+1",
    payment_id="id*3+1",
    amount="cast(5 as decimal(12,2))",
    reason="'damaged'",
    refunded_at=when,
    loaded_at=today,
)
make(
    "shop_raw.shipments",
    300,
    shipment_id="id+1",
    order_id="id+1",
    warehouse_code=one_of("W1", "W2"),
    carrier=one_of("DHL", "UPS"),
    status=one_of("sent", "delivered"),
    shipped_at=when,
    delivered_at=f"case when id % 2 = 1 then timestampadd(hour, 30, {when}) end",
    updated_at=when,
    loaded_at=today,
)
make(
    "shop_raw.stock_levels",
    60,
    warehouse_code=one_of("W1", "W2"),
    product_id="id div 2+1",
    quantity_on_hand="cast(id%40 as int)",
    quantity_reserved="cast(id%5 as int)",
    counted_at=f"timestampadd(hour, -1, {today})",
    loaded_at=today,
)
make(
    "web_raw.page_views",
    800,
    event_id="concat('e',id)",
    visitor_id="concat('v',id%90)",
    customer_id="case when id%3=0 then id%50+1 end",
    page_path=one_of("/", "/product/1", "/cart", "/checkout"),
    referrer="element_at(array('google.com',cast(null as string)),cast(id%2+1 as int))",
    device_type=one_of("desktop", "phone"),
    viewed_at=when,
)
make(
    "web_raw.cart_events",
    200,
    event_id="concat('c',id)",
    visitor_id="concat('v',id%90)",
    product_id="id%30+1",
    event_type=one_of("add", "remove"),
    quantity="cast(1+id%3 as int)",
    occurred_at=when,
)
make(
    "marketing_raw.ad_spend",
    120,
    campaign_code=one_of("BRAND-ALWAYS", "SPRING-24"),
    channel=one_of("search", "social"),
    spend_date=f"date_sub(to_date({today}), cast(id % 60 as int))",
    spend_amount="cast(10+id%30 as decimal(12,2))",
    impressions="1000+id",
    clicks="10+id%9",
)

print(spark.sql("show tables in shop_raw").count())
