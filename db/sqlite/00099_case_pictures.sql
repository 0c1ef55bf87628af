-- +goose Up
CREATE TABLE case_pictures (
    case_id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    part INTEGER NOT NULL,
    name TEXT NOT NULL,
    type TEXT NOT NULL,
    size INTEGER NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (case_id, number, part)
) STRICT;

-- +goose Down
DROP TABLE case_pictures;
