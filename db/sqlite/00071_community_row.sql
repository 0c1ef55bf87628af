-- +goose Up
INSERT INTO community (one, name, notice, notice_version, rules, contact, sign_up, min_age, invites, first_day)
VALUES (1, '', '', 0, '', '', 'open', 0, 0, 0);

-- +goose Down
DELETE FROM community;
