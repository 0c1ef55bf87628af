-- +goose Up
ALTER TABLE boards ADD COLUMN local INTEGER NOT NULL DEFAULT 0;
ALTER TABLE boards ADD COLUMN closed_at INTEGER NULL;

-- +goose Down
ALTER TABLE boards DROP COLUMN local;
ALTER TABLE boards DROP COLUMN closed_at;
