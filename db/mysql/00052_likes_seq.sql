-- +goose Up
ALTER TABLE likes ADD COLUMN seq BIGINT NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE likes DROP COLUMN seq;
