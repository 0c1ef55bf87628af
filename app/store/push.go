package store

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"xxsns/app/sns"
)

// A writtenNotice is a notice that a transaction has made, or to which a deed was added.
type writtenNotice struct {
	ID   int64
	User int64 // the reader
	Kind sns.NoticeKind
}

// wantPushes records, in the transaction of a deed, that the devices of the readers are to be
// told of notices sns.PushDelay after now. A device that is to be told already is told once.
// Switches and quiet hours count when the push is due, and not here.
func wantPushes(ctx context.Context, tx *transaction, notices []writtenNotice, now time.Time) error {
	if len(notices) == 0 {
		return nil
	}
	devices, err := devicesOf(ctx, tx, notices)
	if err != nil || len(devices) == 0 {
		return err
	}
	waiting, err := addDeeds(ctx, tx, notices)
	if err != nil {
		return err
	}
	var fresh []pushRow
	for _, n := range notices {
		for _, device := range devices[n.User] {
			if !waiting[waitingPush{device, n.ID}] {
				fresh = append(fresh, pushRow{User: n.User, Device: device, Notice: n.ID, Kind: n.Kind})
			}
		}
	}
	return insertPushes(ctx, tx, fresh, now, now.Add(sns.PushDelay))
}

// devicesOf returns the ids of the devices of the readers, by user.
func devicesOf(ctx context.Context, tx *transaction, notices []writtenNotice) (map[int64][]int64, error) {
	users := make([]int64, len(notices))
	for i, n := range notices {
		users[i] = n.User
	}
	slices.Sort(users)
	devices := map[int64][]int64{}
	for _, batch := range batches(slices.Compact(users)) {
		var rows []struct {
			ID   int64 `db:"id"`
			User int64 `db:"user_id"`
		}
		err := tx.SelectContext(ctx, &rows, in(`SELECT id, user_id FROM push_subscriptions WHERE ended_at IS NULL AND user_id IN (?) ORDER BY user_id, id`, batch), anys(batch)...)
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			devices[row.User] = append(devices[row.User], row.ID)
		}
	}
	return devices, nil
}

type waitingPush struct{ device, notice int64 }

// addDeeds counts a deed in the pushes that wait for notices, and returns those pushes. The
// rows are found by a SELECT, which locks none, and changed by their ids: an UPDATE by notice
// would lock the gap behind the newest notice, into which other deeds insert. A row that was
// sent and deleted meanwhile does not wait any more.
func addDeeds(ctx context.Context, tx *transaction, notices []writtenNotice) (map[waitingPush]bool, error) {
	ids := make([]int64, len(notices))
	for i, n := range notices {
		ids[i] = n.ID
	}
	waiting := map[waitingPush]bool{}
	for _, batch := range batches(ids) {
		var rows []pushRow
		err := tx.SelectContext(ctx, &rows, in(`SELECT id, subscription_id, notice_id FROM pushes WHERE notice_id IN (?) ORDER BY id`, batch), anys(batch)...)
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			err := change(ctx, tx, `UPDATE pushes SET deeds = deeds + 1 WHERE id = ?`, row.ID)
			if err == nil {
				waiting[waitingPush{row.Device, row.Notice}] = true
			} else if !errors.Is(err, sns.ErrNotFound) {
				return nil, err
			}
		}
	}
	return waiting, nil
}

type pushRow struct {
	ID     int64          `db:"id"`
	User   int64          `db:"user_id"`
	Device int64          `db:"subscription_id"`
	Notice int64          `db:"notice_id"`
	Kind   sns.NoticeKind `db:"kind"`
}

// insertPushes inserts entries of the queue.
func insertPushes(ctx context.Context, tx *transaction, rows []pushRow, now, due time.Time) error {
	for _, batch := range batches(rows) {
		args := make([]any, 0, 6*len(batch))
		for _, row := range batch {
			args = append(args, row.User, row.Device, row.Notice, row.Kind, micros(now), micros(due))
		}
		const insert = `INSERT INTO pushes (user_id, subscription_id, notice_id, kind, created_at, due_at) VALUES (?, ?, ?, ?, ?, ?)`
		if _, err := tx.ExecContext(ctx, insert+strings.Repeat(`, (?, ?, ?, ?, ?, ?)`, len(batch)-1), args...); err != nil {
			return err
		}
	}
	return nil
}
