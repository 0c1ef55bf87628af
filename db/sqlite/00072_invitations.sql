-- +goose Up
CREATE TABLE invitations (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    by_id INTEGER NOT NULL,
    role TEXT NOT NULL,
    uses INTEGER NOT NULL,
    used INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    closed_at INTEGER
) STRICT;
CREATE INDEX invitations_by ON invitations (by_id, id);

-- +goose Down
DROP TABLE invitations;
