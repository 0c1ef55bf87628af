-- +goose Up
CREATE TABLE community (
    one INTEGER NOT NULL,
    name TEXT NOT NULL,
    notice TEXT NOT NULL,
    notice_version INTEGER NOT NULL,
    rules TEXT NOT NULL,
    contact TEXT NOT NULL,
    sign_up TEXT NOT NULL,
    min_age INTEGER NOT NULL,
    invites INTEGER NOT NULL,
    first_day INTEGER NOT NULL,
    PRIMARY KEY (one)
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE community;
