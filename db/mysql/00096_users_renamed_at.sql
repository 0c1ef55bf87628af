-- +goose Up
ALTER TABLE users ADD COLUMN renamed_at BIGINT NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE users DROP COLUMN renamed_at;
