-- +goose Up
CREATE TABLE applications (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    claim TEXT,
    user_id INTEGER NOT NULL,
    username TEXT NOT NULL,
    folded TEXT NOT NULL,
    skeleton TEXT NOT NULL,
    email TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    content TEXT NOT NULL,
    state TEXT NOT NULL,
    note TEXT NOT NULL,
    decided_by INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    decided_at INTEGER
) STRICT;
CREATE UNIQUE INDEX applications_claim ON applications (claim);
CREATE INDEX applications_folded ON applications (folded, id);
CREATE INDEX applications_skeleton ON applications (skeleton, id);
CREATE INDEX applications_user ON applications (user_id, id);
CREATE INDEX applications_state ON applications (state, id);

-- +goose Down
DROP TABLE applications;
