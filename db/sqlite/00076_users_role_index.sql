-- +goose Up
CREATE INDEX users_role ON users (role, id);

-- +goose Down
DROP INDEX users_role;
