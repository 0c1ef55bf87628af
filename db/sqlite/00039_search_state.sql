-- +goose Up
INSERT INTO search_states (kind, below)
SELECT 1, COALESCE(MAX(id), 0) + 1 FROM posts
UNION ALL SELECT 2, COALESCE(MAX(id), 0) + 1 FROM comments
UNION ALL SELECT 3, COALESCE(MAX(id), 0) + 1 FROM rooms
UNION ALL SELECT 4, COALESCE(MAX(id), 0) + 1 FROM users;

-- +goose Down
DELETE FROM search_states;
