-- +goose Up
CREATE TABLE admin_log (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    by_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    user_id INTEGER NOT NULL,
    thing TEXT NOT NULL,
    note TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX admin_log_user ON admin_log (user_id, id);
CREATE INDEX admin_log_by ON admin_log (by_id, id);

-- +goose Down
DROP TABLE admin_log;
