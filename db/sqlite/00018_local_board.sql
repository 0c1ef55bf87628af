-- +goose Up
INSERT INTO boards (slug, name, position, local) VALUES ('local', '우리 동네', 1000, 1);

-- +goose Down
DELETE FROM boards WHERE slug = 'local';
