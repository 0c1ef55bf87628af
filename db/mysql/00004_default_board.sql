-- +goose Up
INSERT INTO boards (slug, name, position) VALUES ('free', '자유', 1);

-- +goose Down
DELETE FROM boards WHERE slug = 'free';
