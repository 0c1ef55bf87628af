-- +goose Up
ALTER TABLE users ADD COLUMN erased_at BIGINT NULL;

-- +goose Down
ALTER TABLE users DROP COLUMN erased_at;
