-- +goose Up
CREATE VIRTUAL TABLE search_posts USING fts5(grams, content='', contentless_delete=1, detail=none, tokenize='ascii');

-- +goose Down
DROP TABLE search_posts;
