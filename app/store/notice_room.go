package store

import (
	"context"
	"time"

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
	return s.txTelling(ctx, func(tx *transaction, t *telling) error {
		if err := lockRoom(ctx, tx, room); err != nil {
			return err
		}
		if err := lockTeller(ctx, tx, author); err != nil {
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
	return s.txTelling(ctx, func(tx *transaction, t *telling) error {
		if err := lockRoom(ctx, tx, room); err != nil {
			return err
		}
		return t.unmentionAll(ctx, where)
	})
}

// roomOpened tells the first followers of a mentor of a new room. TellRest tells the others.
func (t *telling) roomOpened(ctx context.Context, room int64, r NewRoom) error {
	followers, last, err := t.followersAfter(ctx, r.Mentor, 0, t.most)
	if err == nil && len(followers) == t.most {
		_, err = t.leave(ctx, untoldDeed{Kind: restOfRoom, Thing: room, Deed: r.Mentor, ToldTo: last}, r.CreatedAt)
	}
	if err != nil {
		return err
	}
	readers, err := t.readers(ctx, sqlKind(sns.NoticeRoom), thing{room: room}, r.Mentor, room, followers)
	if err != nil {
		return err
	}
	return t.notify(ctx, thing{room: room}, readers, r.CreatedAt)
}

// seatFree tells users who wait that a room has a free seat.
func (t *telling) seatFree(ctx context.Context, room int64, users []int64, now time.Time) error {
	readers, err := t.readers(ctx, sqlKind(sns.NoticeSeat), thing{room: room}, 0, now.UnixMicro(), users)
	if err != nil {
		return err
	}
	return t.notify(ctx, thing{room: room}, readers, now)
}

// roomEnded deletes the notices of free seats in a room that has ended. Who has such a notice
// has a row of room_waits, which is about to go.
func (t *telling) roomEnded(ctx context.Context, room int64) error {
	var users []int64
	if err := t.tx.SelectContext(ctx, &users, `SELECT user_id FROM room_waits WHERE room_id = ? AND told_at IS NOT NULL ORDER BY user_id`, room); err != nil {
		return err
	}
	var all []noticeRow
	for _, user := range users {
		some, err := t.selected(ctx, noticesOf(user, thing{room: room}, sqlKind(sns.NoticeSeat)))
		if err != nil {
			return err
		}
		all = append(all, some...)
	}
	return t.drop(ctx, all)
}

// waitEnded deletes the notice of a free seat of a user who waits no more.
func (t *telling) waitEnded(ctx context.Context, room, user int64) error {
	return t.dropAll(ctx, noticesOf(user, thing{room: room}, sqlKind(sns.NoticeSeat)))
}

// roomLeft deletes the notices of a user about mentions in a room that the user has left: what
// was said there is not to be seen any more.
func (t *telling) roomLeft(ctx context.Context, room, user int64) error {
	return t.dropAll(ctx, noticesOf(user, thing{room: room}, sqlKind(sns.NoticeMention)))
}
