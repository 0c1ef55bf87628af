-- +goose Up
CREATE TABLE mutes (
    user_id INTEGER NOT NULL,
    post_id INTEGER NOT NULL,
    PRIMARY KEY (user_id, post_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX mutes_post ON mutes (post_id);

-- +goose Down
DROP TABLE mutes;
