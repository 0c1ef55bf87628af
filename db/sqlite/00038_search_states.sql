-- +goose Up
CREATE TABLE search_states (
    kind INTEGER NOT NULL,
    below INTEGER NOT NULL,
    PRIMARY KEY (kind)
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE search_states;
