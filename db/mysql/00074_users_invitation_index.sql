-- +goose Up
CREATE INDEX users_invitation ON users (invitation_id, id);

-- +goose Down
DROP INDEX users_invitation ON users;
