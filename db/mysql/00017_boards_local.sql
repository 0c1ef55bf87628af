-- +goose Up
ALTER TABLE boards
    ADD COLUMN local INT NOT NULL DEFAULT 0,
    ADD COLUMN closed_at BIGINT NULL;

-- +goose Down
ALTER TABLE boards
    DROP COLUMN local,
    DROP COLUMN closed_at;
