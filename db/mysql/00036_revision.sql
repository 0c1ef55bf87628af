-- +goose Up
INSERT INTO revisions (one, names) VALUES (1, 0);

-- +goose Down
DELETE FROM revisions;
