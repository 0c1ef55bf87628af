-- +goose Up
CREATE TABLE buckets (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    board_id INTEGER NOT NULL,
    area TEXT NOT NULL,
    options TEXT NOT NULL,
    post_count INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX buckets_place ON buckets (board_id, area, options);

-- +goose Down
DROP TABLE buckets;
