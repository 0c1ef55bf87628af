-- +goose Up
CREATE TABLE suspensions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id INTEGER NOT NULL,
    by_id INTEGER NOT NULL,
    reason TEXT NOT NULL,
    from_at INTEGER NOT NULL,
    until_at INTEGER NOT NULL,
    lifted_at INTEGER NULL,
    appeal TEXT NOT NULL,
    appealed_at INTEGER NULL,
    answer TEXT NOT NULL,
    answered_at INTEGER NULL
) STRICT;
CREATE INDEX suspensions_user ON suspensions (user_id, id);
CREATE INDEX suspensions_until ON suspensions (lifted_at, until_at);

-- +goose Down
DROP TABLE suspensions;
