-- +goose Up
ALTER TABLE users ADD COLUMN invitation_id INTEGER NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE users DROP COLUMN invitation_id;
