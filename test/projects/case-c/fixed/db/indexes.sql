-- 大盘的筛选条件
CREATE INDEX CONCURRENTLY IF NOT EXISTS sales_store ON sales (store_id);
CREATE INDEX CONCURRENTLY IF NOT EXISTS sales_channel ON sales (channel);
CREATE INDEX CONCURRENTLY IF NOT EXISTS sales_product ON sales (product_id);
CREATE INDEX CONCURRENTLY IF NOT EXISTS sales_category ON sales (category);
CREATE INDEX CONCURRENTLY IF NOT EXISTS sales_scene ON sales (scene);
CREATE INDEX CONCURRENTLY IF NOT EXISTS sales_time_slot ON sales (time_slot);
CREATE INDEX CONCURRENTLY IF NOT EXISTS sales_store_date ON sales (store_id, sale_date);
CREATE INDEX CONCURRENTLY IF NOT EXISTS sales_store_channel ON sales (store_id, channel);
CREATE INDEX CONCURRENTLY IF NOT EXISTS sales_store_product ON sales (store_id, product_id);
CREATE INDEX CONCURRENTLY IF NOT EXISTS sales_date_channel ON sales (sale_date, channel);
CREATE INDEX CONCURRENTLY IF NOT EXISTS sales_date ON sales (sale_date DESC);
