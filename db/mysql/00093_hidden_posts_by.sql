-- +goose Up
ALTER TABLE hidden_posts ADD COLUMN hidden_by BIGINT NOT NULL DEFAULT 1;

-- +goose Down
ALTER TABLE hidden_posts DROP COLUMN hidden_by;
