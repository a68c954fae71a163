CREATE TABLE IF NOT EXISTS jobs (
  id         CHAR(32)     NOT NULL PRIMARY KEY,
  user_id    BIGINT       NOT NULL,
  status     VARCHAR(16)  NOT NULL DEFAULT 'queued',
  path       VARCHAR(512) NOT NULL,
  created_at DATETIME     NOT NULL DEFAULT CURRENT_TIMESTAMP,
  deleted_at DATETIME     NULL
) DEFAULT CHARSET = utf8mb4;
