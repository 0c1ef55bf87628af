-- +goose Up
ALTER TABLE sessions ADD COLUMN agent VARCHAR(300) NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE sessions DROP COLUMN agent;
