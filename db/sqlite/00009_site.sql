-- +goose Up
CREATE TABLE site (
    one INTEGER NOT NULL,
    id TEXT NOT NULL,
    PRIMARY KEY (one)
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE site;
