CREATE TABLE sales (
  id         BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  sale_date  DATE          NOT NULL,
  store_id   INTEGER       NOT NULL,
  channel    VARCHAR(16)   NOT NULL,
  product_id INTEGER       NOT NULL,
  category   VARCHAR(32)   NOT NULL,
  scene      VARCHAR(32)   NOT NULL,
  time_slot  VARCHAR(16)   NOT NULL,
  amount     NUMERIC(12,2) NOT NULL
);

CREATE TABLE notes (
  id         BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  store_id   INTEGER      NOT NULL,
  text       VARCHAR(500) NOT NULL,
  created_at TIMESTAMP    NOT NULL DEFAULT now()
);
