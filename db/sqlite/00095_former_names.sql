-- +goose Up
CREATE TABLE former_names (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id INTEGER NOT NULL,
    username TEXT NOT NULL,
    folded TEXT NOT NULL,
    skeleton TEXT NOT NULL,
    search TEXT NOT NULL,
    since_at INTEGER NOT NULL,
    until_at INTEGER NOT NULL
) STRICT;
CREATE INDEX former_names_user ON former_names (user_id, id);
CREATE INDEX former_names_folded ON former_names (folded, id);
CREATE INDEX former_names_skeleton ON former_names (skeleton, id);
CREATE INDEX former_names_until ON former_names (until_at);

-- +goose Down
DROP TABLE former_names;
