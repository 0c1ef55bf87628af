-- +goose Up
ALTER TABLE users ADD COLUMN email_confirmed_at BIGINT NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE users DROP COLUMN email_confirmed_at;
