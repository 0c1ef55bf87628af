package store_test

import (
	"context"
	"fmt"
	"testing"

	"xxsns/app/sns"
	"xxsns/app/store"
)

// hotRoomReads are the hotReads about rooms.
func (d *database) hotRoomReads() map[string]func(context.Context) error {
	rooms := func(f store.RoomFilter) func(context.Context) error {
		f.Viewer, f.Limit = 3, pageSize
		return func(ctx context.Context) error { _, err := d.Rooms(ctx, f); return err }
	}
	desk := func(ended bool, before int64) func(context.Context) error {
		return func(ctx context.Context) error {
			_, err := d.MentorRooms(ctx, leader, ended, before, pageSize)
			return err
		}
	}
	messages := func(page sns.MessagePage) func(context.Context) error {
		return func(ctx context.Context) error {
			if _, err := d.Buffered(ctx, busy, page); err != nil {
				return err
			}
			_, err := d.Messages(ctx, busy, page)
			return err
		}
	}
	return map[string]func(context.Context) error{
		"rooms":                rooms(store.RoomFilter{}),
		"rooms, second page":   rooms(store.RoomFilter{Before: 2500}),
		"rooms, found":         rooms(store.RoomFilter{Query: "읽기"}),
		"rooms of mine":        rooms(store.RoomFilter{Mine: true}),
		"rooms of others":      rooms(store.RoomFilter{Others: true}),
		"past rooms":           func(ctx context.Context) error { _, err := d.PastRooms(ctx, 3, 0, pageSize); return err },
		"room":                 func(ctx context.Context) error { _, _, err := d.Room(ctx, busy, 3); return err },
		"room to say":          func(ctx context.Context) error { _, _, _, err := d.RoomToSay(ctx, busy, 3, "9-1"); return err },
		"inside":               func(ctx context.Context) error { _, err := d.Inside(ctx, []int64{busy}); return err },
		"inside at the end":    func(ctx context.Context) error { _, err := d.InsideLast(ctx, []int64{busy}); return err },
		"spilled seq":          func(ctx context.Context) error { _, err := d.SpilledSeq(ctx, busy, 1, "9-1"); return err },
		"saved between":        func(ctx context.Context) error { _, err := d.CountMessagesBetween(ctx, busy, 1200, 1300); return err },
		"room by key":          func(ctx context.Context) error { _, err := d.RoomByKey(ctx, leader, "key2004"); return err },
		"open rooms of one":    desk(false, 0),
		"open rooms, page 2":   desk(false, 2000),
		"ended rooms of one":   desk(true, 0),
		"ended rooms, page 2":  desk(true, 2000),
		"participants":         func(ctx context.Context) error { _, err := d.Participants(ctx, busy); return err },
		"how far was read":     func(ctx context.Context) error { _, err := d.RoomReads(ctx, 3); return err },
		"who hears mentions":   func(ctx context.Context) error { _, err := d.Alerted(ctx, busy, []int64{3, 4}); return err },
		"mentioned inside":     func(ctx context.Context) error { _, err := d.MentionedInside(ctx, busy, "@사람", noon); return err },
		"freed rooms":          func(ctx context.Context) error { _, err := d.FreedRooms(ctx, 3); return err },
		"seats not offered":    func(ctx context.Context) error { _, err := d.UnofferedRooms(ctx); return err },
		"who waits":            func(ctx context.Context) error { _, err := d.TakeWaiting(ctx, 1, noon); return err },
		"newest messages":      messages(sns.LastMessages(pageSize)),
		"messages before":      messages(sns.MessagePage{Before: 1200, Limit: pageSize}),
		"messages after":       messages(sns.MessagePage{After: 1200, Limit: pageSize}),
		"undropped":            func(ctx context.Context) error { _, err := d.UndroppedRooms(ctx, pageSize); return err },
		"unsaved":              func(ctx context.Context) error { _, err := d.UnsavedRooms(ctx); return err },
		"due":                  func(ctx context.Context) error { _, err := d.DueSettlements(ctx, pageSize); return err },
		"unsettled":            func(ctx context.Context) error { _, _, err := d.Unsettled(ctx); return err },
		"settlement":           func(ctx context.Context) error { _, err := d.Settlement(ctx, 1201); return err },
		"settlements":          func(ctx context.Context) error { _, err := d.Settlements(ctx, []int64{5, 900, 1201}); return err },
		"sizes of the buffers": func(ctx context.Context) error { _, err := d.BufferedSizes(ctx, []int64{5, 900}); return err },
		"users":                func(ctx context.Context) error { _, err := d.Users(ctx, []int64{1, 5, 7}); return err },
		"still inside": func(ctx context.Context) error {
			_, err := d.StillInside(ctx, []store.Seat{{Room: busy, User: 3}, {Room: 9, User: 7}})
			return err
		},
	}
}

// leader is the mentor of every fourth room.
const leader = 5

// crowdedRooms makes 3,000 rooms, one in fifty of which is open, with 9,000
// participants, and 9,000 messages in the busiest room.
func (d *database) crowdedRooms(t *testing.T, people int) {
	t.Helper()
	var rooms, stays, messages, ends, waits, buffers, lines []string
	for i := 1; i <= 3000; i++ {
		mentor, open, ended, active := i%people+1, 0, fmt.Sprint(noon.UnixMicro()+int64(i)), "NULL"
		if i%4 == 0 {
			mentor = leader
		}
		if i%50 == 0 {
			open, ended, active = 1, "NULL", "1"
		} else {
			executed := ended
			if i > 2995 {
				executed = "NULL"
			}
			ends = append(ends, fmt.Sprintf("(%d, %s, '', %s)", i, ended, executed))
		}
		rooms = append(rooms, fmt.Sprintf("(%d, %d, '함께 읽기', 15, 3, '', 1, %s, 'table', 'key%d')", i, mentor, ended, i))
		for k := range 3 {
			stays = append(stays, fmt.Sprintf("(%d, %d, 1, %s)", i, (i+k*3)%people+1, active))
			room, seq := i*3+k, 1
			if k > 0 {
				room, seq = busy, i*2+k
			}
			messages = append(messages, fmt.Sprintf("(%d, %d, 1, 'said', '말', 1)", room, seq))
			lines = append(lines, fmt.Sprintf("(%d, %d, 1, 'said', '말', 1, '%d-%d')", room, seq, i, k))
		}
		waits = append(waits, fmt.Sprintf("(%d, %d, 1, 1)", i, i%people+1), fmt.Sprintf("(%d, %d, 1, NULL)", i, (i+1)%people+1))
		buffers = append(buffers, fmt.Sprintf("(%d, %d, 3, 3)", i, open))
	}
	d.insert(t, "rooms (id, mentor_id, name, user_limit, head_count, notice, created_at, ended_at, buffer, form_key)", rooms)
	d.insert(t, "participants (room_id, user_id, entered_at, active)", stays)
	d.insert(t, "messages (room_id, seq, user_id, kind, content, created_at)", messages)
	d.insert(t, "end_rooms (room_id, ended_at, last_error, executed_at)", ends)
	d.insert(t, "room_waits (room_id, user_id, created_at, told_at)", waits)
	d.insert(t, "buffers (room_id, open, seq, line_count)", buffers)
	d.insert(t, "buffered_messages (room_id, seq, user_id, kind, content, created_at, client_id)", lines)
	d.run(t, "INSERT INTO spilled_messages (room_id, seq, user_id, client_id) SELECT room_id, seq, user_id, client_id FROM buffered_messages")
}
