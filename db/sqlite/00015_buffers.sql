-- +goose Up
CREATE TABLE buffers (
    room_id INTEGER NOT NULL,
    open INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    line_count INTEGER NOT NULL,
    PRIMARY KEY (room_id)
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE buffers;
