CREATE TABLE calendar_tokens (
  id INTEGER NOT NULL,
  user_id INTEGER,
  sha256 TEXT NOT NULL CONSTRAINT ck_calendar_tokens_sha256 CHECK (length(sha256) = 64),
  created_at TEXT NOT NULL,
  last_used_at TEXT,
  revoked_at TEXT,
  CONSTRAINT pk_calendar_tokens PRIMARY KEY (id),
  CONSTRAINT fk_calendar_tokens_user_id FOREIGN KEY(user_id) REFERENCES users (id),
  CONSTRAINT uq_calendar_tokens_sha256 UNIQUE (sha256)
) STRICT;

CREATE UNIQUE INDEX uq_calendar_tokens_live ON calendar_tokens (user_id) WHERE revoked_at IS NULL;
