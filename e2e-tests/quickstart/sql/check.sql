-- SPDX-License-Identifier: Apache-2.0
-- Run by ./quickstart --check, on the messages that are the same every time; @LAST@ is the last one.

-- Mostly one row a group, when all is read.
SET 'table.exec.mini-batch.enabled' = 'true';
SET 'table.exec.mini-batch.allow-latency' = '60 s';
SET 'table.exec.mini-batch.size' = '100000';

SELECT region, COUNT(*) AS messages, COUNT(DISTINCT id) AS orders, MAX(sequence) AS last_message
FROM orders /*+ OPTIONS('scan.bounded.mode' = 'sequence', 'scan.bounded.sequence' = '@LAST@') */
GROUP BY region;

SELECT status, COUNT(*) AS orders, SUM(amount) AS amount
FROM order_status
  /*+ OPTIONS('scan.bounded.mode' = 'sequence', 'scan.bounded.sequence' = '@LAST@') */
GROUP BY status;
