-- +goose Up
CREATE TABLE pushes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id INTEGER NOT NULL,
    subscription_id INTEGER NOT NULL,
    notice_id INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    deeds INTEGER NOT NULL DEFAULT 1,
    attempts INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    token TEXT NULL,
    lease_until INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX pushes_due ON pushes (due_at, id);
CREATE INDEX pushes_notice ON pushes (notice_id, id);
CREATE INDEX pushes_subscription ON pushes (subscription_id, id);

-- +goose Down
DROP TABLE pushes;
