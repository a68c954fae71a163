CREATE TABLE IF NOT EXISTS jobs (
  id         CHAR(32)     NOT NULL PRIMARY KEY,
  user_id    BIGINT       NOT NULL,
  status     VARCHAR(16)  NOT NULL DEFAULT 'queued',
  path       VARCHAR(512) NOT NULL,
  created_at DATETIME     NOT NULL DEFAULT CURRENT_TIMESTAMP,
  deleted_at DATETIME     NULL,
  KEY jobs_by_user (user_id, deleted_at, status, created_at),
  KEY jobs_by_day (deleted_at, created_at)
) DEFAULT CHARSET = utf8mb4;
