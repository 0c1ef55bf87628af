-- +goose Up
CREATE TABLE IF NOT EXISTS takedowns (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    post_id BIGINT NOT NULL,
    author_id BIGINT NOT NULL,
    name VARCHAR(400) NOT NULL,
    contact VARCHAR(2000) NOT NULL,
    harm VARCHAR(20) NOT NULL,
    statement MEDIUMTEXT NOT NULL,
    words VARCHAR(400) NOT NULL,
    form_key VARCHAR(64) NULL,
    asked_at BIGINT NOT NULL,
    state VARCHAR(20) NOT NULL,
    until_at BIGINT NULL,
    note TEXT NOT NULL,
    decided_by BIGINT NOT NULL,
    decided_at BIGINT NULL,
    objection MEDIUMTEXT NOT NULL,
    objected_at BIGINT NULL,
    ended_at BIGINT NULL,
    UNIQUE KEY takedowns_form_key (form_key),
    KEY takedowns_state (state, id),
    KEY takedowns_post (post_id, id),
    KEY takedowns_author (author_id, id),
    KEY takedowns_ended (ended_at, id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- +goose Down
DROP TABLE takedowns;
