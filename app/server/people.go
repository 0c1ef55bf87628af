package server

import (
	"context"
	"log/slog"
	"time"

	"xxsns/app/config"
	"xxsns/app/live"
	"xxsns/app/media"
	"xxsns/app/sns"
	"xxsns/app/store"
	"xxsns/app/web/request"
)

// A Member is an account, with when it was last seen.
type Member = store.Member

// EachMember passes the accounts to use, the first one first; with a role, those alone that
// have it.
func EachMember(ctx context.Context, cfg config.Config, role sns.Role, use func(Member) error) error {
	return withStore(ctx, cfg, func(s *store.Store) error { return s.EachMember(ctx, role, use) })
}

// HasUser returns nil if somebody has a name, or an error that says so.
func HasUser(ctx context.Context, cfg config.Config, name string) error {
	return withUser(ctx, cfg, name, func(*store.Store, sns.User) error { return nil })
}

// DeleteUser deletes an account as its owner would: open rooms of the user end, and seats become
// free. Posts, comments and messages remain without the name, unless everything is to go: a
// running server, or the next one, then deletes the rest. Streams and sockets close as in
// SetRole. The only administrator is refused.
func DeleteUser(ctx context.Context, cfg config.Config, log *slog.Logger, name string, everything bool) error {
	return withUser(ctx, cfg, name, func(s *store.Store, u sns.User) error {
		defer waitUntilForgotten(ctx)
		return withRooms(ctx, cfg, log, s, func(command *Server) error { return command.deleteUser(ctx, u, everything) })
	})
}

func (s *Server) deleteUser(ctx context.Context, u sns.User, everything bool) error {
	remove := s.store.DeleteUser
	if everything {
		remove = s.store.EraseUser
	}
	var deleted store.Deleted
	err := s.rooms.DeleteAccount(ctx, u, func() (err error) {
		deleted, err = remove(ctx, u.ID, time.Now())
		return err
	}, func() error {
		_, err := s.store.EndOtherSessions(ctx, u.ID, "")
		return err
	})
	if err != nil {
		return explain(err)
	}
	request.RecordCommand(ctx, s.log, request.AccountDeleted, u.ID)
	live.Tell(ctx, s.bus, s.hub, s.log, live.Event{Topic: live.UserTopic(u.ID), Kind: live.KindDisconnect})
	if deleted.Image != "" {
		if images, err := media.Open(s.cfg.UploadsDir, media.Memory(memoryLimit())); err != nil || images.Delete(deleted.Image) != nil {
			s.log.WarnContext(ctx, "profile image left to the sweep", "name", deleted.Image)
		}
	}
	return nil
}
