package store

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"xxsns/app/sns"
)

// NoticeMessage tells people that their names stand in a message: those of them who are inside
// the room, and not its author. Calling NoticeMessage again for the same message changes
// nothing. ErrNotFound if the room does not exist.
func (s noticeStore) NoticeMessage(ctx context.Context, room, seq, author int64, mentioned []int64, now time.Time) error {
	mentioned = mentioned[:min(len(mentioned), sns.MentionsMost)]
	if len(mentioned) == 0 {
		return nil
	}
	where := said{room: room, seq: seq}
	return s.txTelling(ctx, func(tx *sqlx.Tx, t *telling) error {
		if err := lockRoom(ctx, tx, room); err != nil {
			return err
		}
		told, err := t.mentionsIn(ctx, where)
		if err != nil || len(told) > 0 {
			return err
		}
		var inside []int64
		err = tx.SelectContext(ctx, &inside, in(`SELECT user_id FROM participants WHERE room_id = ? AND active = 1 AND user_id IN (?) ORDER BY user_id`, mentioned),
			append([]any{room}, anys(mentioned)...)...)
		if err != nil {
			return err
		}
		_, err = t.mention(ctx, where, author, inside, now)
		return err
	})
}

// ForgetMessage deletes the mentions in a message that was erased, and the notices that tell
// of nothing else. A message without mentions costs one query.
func (s noticeStore) ForgetMessage(ctx context.Context, room, seq int64) error {
	where := said{room: room, seq: seq}
	var n int64
	if err := s.one(ctx, []any{&n}, `SELECT COUNT(*) FROM mentions WHERE `+whereSaid, where.args()...); err != nil || n == 0 {
		return err
	}
	return s.txTelling(ctx, func(tx *sqlx.Tx, t *telling) error {
		if err := lockRoom(ctx, tx, room); err != nil {
			return err
		}
		return t.unmentionAll(ctx, where)
	})
}

// roomOpened tells the followers of a mentor of a new room.
func (t *telling) roomOpened(ctx context.Context, room int64, r NewRoom) error {
	readers, err := t.readers(ctx, thing{room: room}, r.Mentor, room, followersOf, r.Mentor)
	if err != nil {
		return err
	}
	return t.notify(ctx, thing{room: room}, readers, r.CreatedAt)
}

// seatFree tells users who wait that a room has a free seat.
func (t *telling) seatFree(ctx context.Context, room int64, users []int64, now time.Time) error {
	readers, err := t.usersFor(ctx, sns.NoticeSeat, thing{room: room}, 0, now.UnixMicro(), users)
	if err != nil {
		return err
	}
	return t.notify(ctx, thing{room: room}, readers, now)
}

// roomEnded deletes the notices of free seats in a room that has ended.
func (t *telling) roomEnded(ctx context.Context, room int64) error {
	return t.dropAll(ctx, `n.room_id = ? AND n.kind = `+sqlKind(sns.NoticeSeat), room)
}

// seatTaken reads the notice of a free seat of a user who has entered.
func (t *telling) seatTaken(ctx context.Context, room, user int64) error {
	open, err := t.selected(ctx, selection{`n.user_id = ? AND n.open = 1 AND n.kind = ` + sqlKind(sns.NoticeSeat) + ` AND n.post_id = 0 AND n.room_id = ?`, []any{user, room}})
	if err != nil {
		return err
	}
	return t.read(ctx, user, open)
}

// roomLeft deletes the notices about a room of a user who has left the room or was removed,
// and cannot see any more what they tell of.
func (t *telling) roomLeft(ctx context.Context, room, user int64) error {
	return t.dropAll(ctx, `n.user_id = ? AND n.kind IN (`+sqlKind(sns.NoticeMention)+`, `+sqlKind(sns.NoticeSeat)+`) AND n.post_id = 0 AND n.room_id = ?`, user, room)
}
