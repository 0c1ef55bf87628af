package server

import (
	"context"
	"time"

	"xxsns/app/mail"
	"xxsns/app/sns"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// mailedNotices bounds how many notices a mail tells of.
const mailedNotices = 20

// composeNotices returns the mail of what is new in an inbox: unread, of kinds that the user
// wants mailed, and not mailed before.
func (s *Server) composeNotices(ctx context.Context, l *view.Locale, keys *request.Keyring, m sns.Mail, now time.Time) (c mail.Composed, err error) {
	user, box, reader, err := s.mailReader(ctx, m.User, now)
	if err != nil {
		return c, err
	}
	settings, err := s.store.NoticeSettings(ctx, m.User)
	if err != nil {
		return c, err
	}
	if end := settings.Quiet.Until(now, s.cfg.Zone); end.After(now) {
		c.Later = end
		return c, nil
	}
	all, err := s.store.Notices(ctx, m.User, nil, 0, 2*mailedNotices)
	if err != nil {
		return c, err
	}
	var fresh []sns.Notice
	for _, n := range all {
		if n.Unread && n.Rank > reader.Mailed && settings.Has(n.Kind, sns.ChannelInbox) && settings.Has(n.Kind, sns.ChannelMail) && len(fresh) < mailedNotices {
			fresh = append(fresh, n)
		}
	}
	if len(fresh) == 0 || !reader.Notices {
		return c, sns.ErrNotFound
	}
	stop := s.stopURL(keys, m)
	c, err = s.composed(ctx, l, box.Address, stop, l.NoticesLetter(user, fresh, s.cfg.PublicURL, stop))
	c.Taken = func(ctx context.Context) error { return s.store.SetMailed(ctx, m.User, all[0].Rank) }
	return c, err
}

func (s *Server) stopURL(keys *request.Keyring, m sns.Mail) string {
	return s.cfg.PublicURL + "/mail/stop/" + keys.StopToken(m.User, m.Kind)
}

// mailReader returns a user with a confirmed address. sns.ErrNotFound for anybody else, who
// gets no mail that nobody asked for at the moment.
func (s *Server) mailReader(ctx context.Context, id int64, now time.Time) (user sns.User, box sns.Mailbox, r sns.MailReader, err error) {
	if box, err = s.store.Mailbox(ctx, id); err != nil {
		return user, box, r, err
	}
	users, err := s.store.Users(ctx, []int64{id})
	if err != nil {
		return user, box, r, err
	}
	if user = users[id]; !box.Confirmed || user.Suspended(now) {
		return user, box, r, sns.ErrNotFound
	}
	r, err = s.store.MailReader(ctx, id)
	return user, box, r, err
}

// composeDigest returns the mail of the best posts of the days before.
func (s *Server) composeDigest(ctx context.Context, l *view.Locale, keys *request.Keyring, m sns.Mail, now time.Time) (c mail.Composed, err error) {
	user, box, reader, err := s.mailReader(ctx, m.User, now)
	if err != nil {
		return c, err
	}
	posts, err := s.postsSince(ctx, m.User, m.CreatedAt.AddDate(0, 0, -sns.DigestDays))
	if err != nil {
		return c, err
	}
	best := sns.BestPosts(posts, sns.DigestPosts)
	if len(best) == 0 || !reader.Digest {
		return c, sns.ErrNotFound
	}
	stop := s.stopURL(keys, m)
	return s.composed(ctx, l, box.Address, stop, l.DigestLetter(user, best, s.cfg.PublicURL, stop))
}

// Bounds of what a digest chooses from.
const (
	digestPage  = 100
	digestPages = 10
)

// postsSince returns the posts of others that a user may see since a time, the newest of many.
func (s *Server) postsSince(ctx context.Context, user int64, since time.Time) (all []sns.Post, err error) {
	t := sns.Timeline{Viewer: user, Except: user, Limit: digestPage}
	for range digestPages {
		posts, err := s.store.Timeline(ctx, t)
		if err != nil {
			return nil, err
		}
		for _, p := range posts {
			if p.CreatedAt.Before(since) {
				return all, nil
			}
			all = append(all, p)
		}
		if len(posts) < digestPage {
			break
		}
		t.Before = posts[len(posts)-1].ID
	}
	return all, nil
}

// queueMails queues the mails of what is new in inboxes, and the digests that are due.
func (s *Server) queueMails(ctx context.Context) {
	now := time.Now()
	_, err := s.store.QueueNotices(ctx, now)
	s.warn(ctx, "mails of notices not queued yet", err)
	_, err = s.store.QueueDigests(ctx, now, sns.NextDigest(now, s.cfg.Zone))
	s.warn(ctx, "digests not queued yet", err)
}
