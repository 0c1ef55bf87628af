-- +goose Up
ALTER TABLE users ADD COLUMN erased_at INTEGER NULL;

-- +goose Down
ALTER TABLE users DROP COLUMN erased_at;
