-- +goose Up
CREATE INDEX users_skeleton ON users (skeleton);

-- +goose Down
DROP INDEX users_skeleton;
