-- SPDX-License-Identifier: Apache-2.0
-- Run by ./quickstart when the SQL client starts; it replaces each @NAME@.

SET 'sql-client.execution.result-mode' = 'tableau';
SET 'parallelism.default' = '1';

-- Every message is a row, and the message's own data are columns.
CREATE TABLE orders (
  id BIGINT,
  region STRING,
  customer STRING,
  amount DECIMAL(10, 2),
  status STRING,
  event_time TIMESTAMP_LTZ(3),
  subject STRING METADATA VIRTUAL,
  sequence BIGINT METADATA VIRTUAL,
  stored_at TIMESTAMP_LTZ(3) METADATA FROM 'timestamp' VIRTUAL,
  WATERMARK FOR event_time AS event_time - INTERVAL '1' SECOND
) WITH (
  'connector' = 'nats',
  'nats.server-url' = '@NATS_URL@',
  'nats.subject' = 'orders.eu.*,orders.us.*',
  'format' = 'json',
  'json.timestamp-format.standard' = 'ISO-8601'
);

-- The same messages, of which the last one of each order counts.
CREATE TABLE order_status (
  id BIGINT,
  region STRING,
  customer STRING,
  amount DECIMAL(10, 2),
  status STRING,
  PRIMARY KEY (id) NOT ENFORCED
) WITH (
  'connector' = 'nats',
  'nats.server-url' = '@NATS_URL@',
  'nats.subject' = 'orders.*.*',
  'format' = 'json'
);
