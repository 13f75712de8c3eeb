-- Joins a stream of sales with a key-value bucket of prices, and keeps a bucket of revenues that
-- follows both: a new price, or one that is deleted with 'nats kv', changes the revenues, too.
-- Needs the buckets 'prices' and 'revenue', and a stream that carries 'sales.>'.

CREATE TABLE prices (
  item STRING,
  price DOUBLE,
  PRIMARY KEY (item) NOT ENFORCED
) WITH (
  'connector' = 'nats',
  'nats.server-url' = 'localhost:4222',
  'nats.subject' = '$KV.prices.{item...}',
  'scan.startup.mode' = 'last-per-subject',
  'format' = 'json'
);

CREATE TABLE sales (
  item STRING,
  quantity INT
) WITH (
  'connector' = 'nats',
  'nats.server-url' = 'localhost:4222',
  'nats.subject' = 'sales.{item...}',
  'format' = 'json'
);

CREATE TABLE revenue (
  item STRING,
  quantity BIGINT,
  revenue DOUBLE,
  PRIMARY KEY (item) NOT ENFORCED
) WITH (
  'connector' = 'nats',
  'nats.server-url' = 'localhost:4222',
  'nats.subject' = '$KV.revenue.{item...}',
  'format' = 'json'
);

INSERT INTO revenue
SELECT s.item, SUM(CAST(s.quantity AS BIGINT)), SUM(s.quantity * p.price)
FROM sales AS s JOIN prices AS p ON s.item = p.item
GROUP BY s.item;
