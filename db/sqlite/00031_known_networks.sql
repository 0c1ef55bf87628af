-- +goose Up
CREATE TABLE known_networks (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id INTEGER NOT NULL,
    network TEXT NOT NULL,
    seen_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX known_networks_pair ON known_networks (user_id, network);
CREATE INDEX known_networks_seen ON known_networks (seen_at);

-- +goose Down
DROP TABLE known_networks;
