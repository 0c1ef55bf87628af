-- +goose Up
CREATE TABLE search_blocks (
    id INTEGER PRIMARY KEY,
    room_id INTEGER NOT NULL,
    first_seq INTEGER NOT NULL,
    last_seq INTEGER NOT NULL,
    first_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX search_blocks_room ON search_blocks (room_id, first_seq);

-- +goose Down
DROP TABLE search_blocks;
