-- +goose Up
CREATE TABLE takedown_proofs (
    takedown_id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    part INTEGER NOT NULL,
    name TEXT NOT NULL,
    type TEXT NOT NULL,
    size INTEGER NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (takedown_id, number, part)
) STRICT;

-- +goose Down
DROP TABLE takedown_proofs;
