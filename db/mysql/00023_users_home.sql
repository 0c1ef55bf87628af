-- +goose Up
ALTER TABLE users
    ADD COLUMN area VARCHAR(200) NOT NULL DEFAULT '',
    ADD COLUMN town VARCHAR(200) NOT NULL DEFAULT '',
    ADD COLUMN follower_count INT NOT NULL DEFAULT 0,
    ADD COLUMN following_count INT NOT NULL DEFAULT 0,
    ADD COLUMN deleted_at BIGINT NULL;

-- +goose Down
ALTER TABLE users
    DROP COLUMN area,
    DROP COLUMN town,
    DROP COLUMN follower_count,
    DROP COLUMN following_count,
    DROP COLUMN deleted_at;
