-- +goose Up
CREATE TABLE IF NOT EXISTS rooms (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    mentor_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    user_limit INT NOT NULL,
    head_count INT NOT NULL,
    notice TEXT NOT NULL,
    notice_at BIGINT NULL,
    version BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    ended_at BIGINT NULL,
    buffer VARCHAR(20) NOT NULL,
    epoch BIGINT NOT NULL DEFAULT 0,
    form_key VARCHAR(64) NULL,
    UNIQUE KEY rooms_form_key (mentor_id, form_key),
    KEY rooms_open (ended_at, id),
    KEY rooms_mentor (mentor_id, id),
    KEY rooms_mentor_open (mentor_id, ended_at, id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- +goose Down
DROP TABLE rooms;
