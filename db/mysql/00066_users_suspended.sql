-- +goose Up
ALTER TABLE users ADD COLUMN suspended_until BIGINT NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE users DROP COLUMN suspended_until;
