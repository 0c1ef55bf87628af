-- +goose Up
CREATE TABLE site (
    one INTEGER NOT NULL PRIMARY KEY,
    id TEXT NOT NULL
) STRICT;

-- +goose Down
DROP TABLE site;
