package store_test

import (
	"context"
	"testing"
	"time"

	"xxsns/app/sns"
	"xxsns/app/store"
)

// roomReads and roomWrites are the calls about room 1.
func (d *database) roomReads() map[string]func(context.Context) error {
	ids, page := []int64{1}, sns.LastMessages(5)
	return map[string]func(context.Context) error{
		"Buffered":             func(ctx context.Context) error { _, err := d.Buffered(ctx, 1, page); return err },
		"BufferedMessage":      func(ctx context.Context) error { _, err := d.BufferedMessage(ctx, 1, 1); return err },
		"BufferedSizes":        func(ctx context.Context) error { _, err := d.BufferedSizes(ctx, ids); return err },
		"CountParticipants":    func(ctx context.Context) error { _, err := d.CountParticipants(ctx, ids); return err },
		"UndroppedRooms":       func(ctx context.Context) error { _, err := d.UndroppedRooms(ctx, 5); return err },
		"UnofferedRooms":       func(ctx context.Context) error { _, err := d.UnofferedRooms(ctx); return err },
		"UnsavedRooms":         func(ctx context.Context) error { _, err := d.UnsavedRooms(ctx); return err },
		"CountMessages":        func(ctx context.Context) error { _, err := d.CountMessages(ctx, 1); return err },
		"DueSettlements":       func(ctx context.Context) error { _, err := d.DueSettlements(ctx, 5); return err },
		"FreedRooms":           func(ctx context.Context) error { _, err := d.FreedRooms(ctx, 1); return err },
		"MentorRooms":          func(ctx context.Context) error { _, err := d.MentorRooms(ctx, 1, false, 0, 5); return err },
		"Message":              func(ctx context.Context) error { _, err := d.Message(ctx, 2, 1); return err },
		"Messages":             func(ctx context.Context) error { _, err := d.Messages(ctx, 2, page); return err },
		"Participants":         func(ctx context.Context) error { _, err := d.Participants(ctx, 1); return err },
		"Room":                 func(ctx context.Context) error { _, _, err := d.Room(ctx, 1, 1); return err },
		"RoomByKey":            func(ctx context.Context) error { _, err := d.RoomByKey(ctx, 1, "k"); return err },
		"Rooms":                func(ctx context.Context) error { _, err := d.Rooms(ctx, store.RoomFilter{Limit: 5}); return err },
		"Settlement":           func(ctx context.Context) error { _, err := d.Settlement(ctx, 2); return err },
		"Settlements":          func(ctx context.Context) error { _, err := d.Settlements(ctx, ids); return err },
		"RoomToSay":            func(ctx context.Context) error { _, _, _, err := d.RoomToSay(ctx, 1, 1, "a"); return err },
		"RoomsByID":            func(ctx context.Context) error { _, err := d.RoomsByID(ctx, []int64{1}); return err },
		"Inside":               func(ctx context.Context) error { _, err := d.Inside(ctx, []int64{1}); return err },
		"InsideLast":           func(ctx context.Context) error { _, err := d.InsideLast(ctx, []int64{1}); return err },
		"BufferSeam":           func(ctx context.Context) error { _, err := d.BufferSeam(ctx, 1); return err },
		"SpilledSeq":           func(ctx context.Context) error { _, err := d.SpilledSeq(ctx, 2, 1, "b"); return err },
		"CountMessagesBetween": func(ctx context.Context) error { _, err := d.CountMessagesBetween(ctx, 2, 1, 5); return err },
		"StillInside": func(ctx context.Context) error {
			_, err := d.StillInside(ctx, []store.Seat{{Room: 1, User: 1}})
			return err
		},
		"Unsettled": func(ctx context.Context) error { _, _, err := d.Unsettled(ctx); return err },
		"Users":     func(ctx context.Context) error { _, err := d.Users(ctx, ids); return err },
	}
}

func (d *database) roomWrites() map[string]func(context.Context) error {
	change := sns.RoomChange{Name: "새 이름", UserLimit: 9}
	return map[string]func(context.Context) error{
		"AppendBuffered": func(ctx context.Context) error {
			_, err := d.AppendBuffered(ctx, line(1, 1, sns.MessageSaid, "b", noon), store.AppendRule{})
			return err
		},
		"ChangeRoom": func(ctx context.Context) error { _, err := d.ChangeRoom(ctx, 1, change, noon); return err },
		"ClaimSettlement": func(ctx context.Context) error {
			_, _, err := d.ClaimSettlement(ctx, 2, "a", time.Minute)
			return err
		},
		"CloseBuffer": func(ctx context.Context) error { _, err := d.CloseBuffer(ctx, 1); return err },
		"CreateRoom": func(ctx context.Context) error {
			_, _, err := d.CreateRoom(ctx, store.NewRoom{Mentor: 1, Name: "방", UserLimit: 5, CreatedAt: noon})
			return err
		},
		"EndPauses":          func(ctx context.Context) error { return d.EndPauses(ctx) },
		"DropBuffered":       func(ctx context.Context) error { return d.DropBuffered(ctx, 2) },
		"EndRoom":            func(ctx context.Context) error { _, err := d.EndRoom(ctx, 1, noon); return err },
		"EnterRoom":          func(ctx context.Context) error { _, err := d.EnterRoom(ctx, 1, 2, noon); return err },
		"EraseBuffered":      func(ctx context.Context) error { _, err := d.EraseBuffered(ctx, 1, 1); return err },
		"EraseMessage":       func(ctx context.Context) error { return d.EraseMessage(ctx, 2, 1) },
		"FailSettlement":     func(ctx context.Context) error { return d.FailSettlement(ctx, 2, "a", "no", 0) },
		"FinishSettlement":   func(ctx context.Context) error { return d.FinishSettlement(ctx, 2, "a", 0, "", noon) },
		"LeaveRoom":          func(ctx context.Context) error { _, err := d.LeaveRoom(ctx, 1, 1, noon); return err },
		"OpenBuffer":         func(ctx context.Context) error { _, err := d.OpenBuffer(ctx, 3, 0); return err },
		"RaiseEpoch":         func(ctx context.Context) error { _, err := d.RaiseEpoch(ctx, 1, 0); return err },
		"RemoveParticipant":  func(ctx context.Context) error { _, err := d.RemoveParticipant(ctx, 1, 1, noon); return err },
		"RenewSettlement":    func(ctx context.Context) error { return d.RenewSettlement(ctx, 2, "a", time.Minute) },
		"RestoreParticipant": func(ctx context.Context) error { return d.RestoreParticipant(ctx, 1, 3) },
		"RetrySettlement":    func(ctx context.Context) error { return d.RetrySettlement(ctx, 2) },
		"SaveMessages":       func(ctx context.Context) error { return d.SaveMessages(ctx, 2, "a", said(2, 2, 2)) },
		"SaveBuffered":       func(ctx context.Context) error { _, err := d.SaveBuffered(ctx, 2, "a", 0, 100); return err },
		"SetDropped":         func(ctx context.Context) error { return d.SetDropped(ctx, 2) },
		"SetTotal":           func(ctx context.Context) error { return d.SetTotal(ctx, 2, "a", 7) },
		"ClaimSpill":         func(ctx context.Context) error { _, err := d.ClaimSpill(ctx, 1, "b", time.Minute); return err },
		"ReleaseSpill":       func(ctx context.Context) error { return d.ReleaseSpill(ctx, 1, "a") },
		"Spill":              func(ctx context.Context) error { return d.Spill(ctx, 1, "a", said(1, 1, 2), time.Minute) },
		"TrimBuffered":       func(ctx context.Context) error { return d.TrimBuffered(ctx, 1, said(1, 1, 1), 0) },
		"ForgetSpilled":      func(ctx context.Context) error { return d.ForgetSpilled(ctx, 2) },
		"TakeWaiting":        func(ctx context.Context) error { _, err := d.TakeWaiting(ctx, 1, noon); return err },
		"WaitForSeat":        func(ctx context.Context) error { return d.WaitForSeat(ctx, 1, 2, true, noon) },
	}
}

// twoRooms makes the rows for roomReads and roomWrites. Room 1 is open and has
// a participant, a waiting user and a removed user; room 2 is being settled.
func (d *database) twoRooms(t testing.TB, mentor int64) {
	seojun, haneul := d.user(t, "서준2"), d.user(t, "하늘")
	open, ended := d.room(t, mentor, 5), d.room(t, mentor, 5)
	d.enter(t, open, haneul)
	if _, err := d.RemoveParticipant(t.Context(), open, haneul, noon); err != nil {
		t.Fatal(err)
	}
	d.wait(t, open, seojun, true, noon)
	for _, room := range []int64{open, ended} {
		d.opens(t, room, 0)
		d.appends(t, line(room, mentor, sns.MessageSaid, "a", noon))
		d.appends(t, line(room, mentor, sns.MessageSaid, "a2", noon))
	}
	d.end(t, ended)
	if _, err := d.CloseBuffer(t.Context(), ended); err != nil {
		t.Fatal(err)
	}
	d.claim(t, ended, "a")
	d.save(t, ended, "a", d.buffered(t, ended)[:1])
	d.run(t, "INSERT INTO spilled_messages (room_id, seq, user_id, client_id) VALUES (2, 1, 1, 'b')")
	d.run(t, "UPDATE rooms SET spill_token = 'a' WHERE id = 1")
	if open != 1 || ended != 2 || haneul != 3 {
		t.Fatalf("rooms %d and %d, users to %d; want the first of each", open, ended, haneul)
	}
}

// Each of the writes succeeds if its context does not end: calls that always
// fail would prove nothing.
func TestCallsAboutRoomsSucceed(t *testing.T) {
	little := migrated(t, sqliteFile(t))
	little.aLittle(t)
	for name := range little.roomWrites() {
		t.Run(name, func(t *testing.T) {
			d := little.copied(t)
			before := d.everything(t)
			if err := d.roomWrites()[name](t.Context()); err != nil {
				t.Error(err)
			}
			if d.everything(t) == before && name != "WaitForSeat" && name != "RetrySettlement" && name != "EndPauses" && name != "SetDropped" { // these calls may change nothing
				t.Error("it changed nothing")
			}
		})
	}
}
