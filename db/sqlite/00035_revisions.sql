-- +goose Up
CREATE TABLE revisions (
    one INTEGER NOT NULL,
    names INTEGER NOT NULL,
    PRIMARY KEY (one)
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE revisions;
