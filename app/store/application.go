package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"strconv"
	"time"

	"xxsns/app/sns"
)

// NewApplication holds the checked input of ApplyForAccount and ApplyAsMentor.
type NewApplication struct {
	NewUser       // the account; of a mentor, CreatedAt alone
	User    int64 // who wants to be a mentor
	Content string
}

// claimOfName and claimOfMentor are what only one waiting application may claim.
func claimOfName(username string) string { return "name:" + sns.FoldUsername(username) }
func claimOfMentor(user int64) string    { return "mentor:" + strconv.FormatInt(user, 10) }

// ApplyForAccount keeps an application for an account, which does not exist before it is
// accepted; meanwhile nobody else gets the name. sns.ErrConflict if the name is taken.
func (s applicationStore) ApplyForAccount(ctx context.Context, a NewApplication) error {
	return s.tx(ctx, func(tx *transaction) error {
		if err := checkGiven(ctx, tx, a.Username, 0, a.CreatedAt); err != nil {
			return err
		}
		// Lock instead of reading: who is just getting the name looks for applications, too.
		err := lockRow(ctx, tx, `users`, `folded = ?`, sns.FoldUsername(a.Username))
		if err == nil {
			return sns.ErrConflict
		}
		if !errors.Is(err, sns.ErrNotFound) {
			return err
		}
		return insertApplication(ctx, tx, sns.ApplySignUp, claimOfName(a.Username), a)
	})
}

// ApplyAsMentor keeps the application of a member to be a mentor. sns.ErrConflict while
// another one waits, or for sns.ApplicationLife after one was declined.
func (s applicationStore) ApplyAsMentor(ctx context.Context, a NewApplication) error {
	return s.tx(ctx, func(tx *transaction) error {
		if err := lockUser(ctx, tx, a.User); err != nil {
			return err
		}
		var declined int
		err := tx.GetContext(ctx, &declined, `SELECT COUNT(*) FROM applications WHERE user_id = ? AND kind = ? AND state = ? AND decided_at > ?`,
			a.User, sns.ApplyMentor, sns.ApplicationDeclined, micros(a.CreatedAt.Add(-sns.ApplicationLife)))
		if err != nil {
			return err
		}
		if declined > 0 {
			return sns.ErrConflict
		}
		return insertApplication(ctx, tx, sns.ApplyMentor, claimOfMentor(a.User), a)
	})
}

func insertApplication(ctx context.Context, tx *transaction, kind sns.ApplicationKind, claim string, a NewApplication) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO applications (kind, claim, user_id, username, folded, skeleton, email, password_hash, content, state, note,
		decided_by, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', 0, ?)`,
		kind, claim, a.User, a.Username, sns.FoldUsername(a.Username), sns.Skeleton(a.Username), a.Email, a.PasswordHash, a.Content,
		sns.ApplicationWaiting, micros(a.CreatedAt))
	return err
}

const applicationColumns = `a.id, a.kind, a.user_id, a.username AS applied_name, a.email, a.content, a.state, a.note, a.decided_by, a.created_at, a.decided_at`

type applicationRow struct {
	ID        int64                `db:"id"`
	Kind      sns.ApplicationKind  `db:"kind"`
	User      int64                `db:"user_id"`
	Username  string               `db:"applied_name"`
	Email     string               `db:"email"`
	Content   string               `db:"content"`
	State     sns.ApplicationState `db:"state"`
	Note      string               `db:"note"`
	DecidedBy int64                `db:"decided_by"`
	CreatedAt int64                `db:"created_at"`
	DecidedAt sql.NullInt64        `db:"decided_at"`
}

// application returns the application with the users in a map.
func (r applicationRow) application(users map[int64]sns.User) sns.Application {
	a := sns.Application{
		ID: r.ID, Kind: r.Kind, User: users[r.User], Username: r.Username, Email: r.Email, Content: r.Content, State: r.State, Note: r.Note,
		DecidedBy: users[r.DecidedBy], CreatedAt: timeOf(r.CreatedAt), DecidedAt: timeOrZero(r.DecidedAt),
	}
	if a.User.ID != 0 {
		a.Username = a.User.Username
	}
	return a
}

// CountApplications returns how many applications nobody has decided, at most most.
func (s applicationStore) CountApplications(ctx context.Context, most int) (n int, err error) {
	err = s.get(ctx, &n, `SELECT COUNT(*) FROM (SELECT id FROM applications WHERE state = ?`+limited(most)+`) counted`, sns.ApplicationWaiting)
	return n, err
}

// WaitingApplications returns limit applications that nobody has decided, the oldest first, with
// ids above after.
func (s applicationStore) WaitingApplications(ctx context.Context, after int64, limit int) ([]sns.Application, error) {
	return s.applications(ctx, ` WHERE a.state = ? AND a.id > ? ORDER BY a.id`+limited(limit), sns.ApplicationWaiting, after)
}

// MentorApplication returns the latest application of a member to be a mentor. ErrNotFound.
func (s applicationStore) MentorApplication(ctx context.Context, user int64) (sns.Application, error) {
	all, err := s.applications(ctx, ` WHERE a.user_id = ? AND a.kind = ? ORDER BY a.id DESC LIMIT 1`, user, sns.ApplyMentor)
	if err == nil && len(all) == 0 {
		err = sns.ErrNotFound
	}
	if err != nil {
		return sns.Application{}, err
	}
	return all[0], nil
}

func (s applicationStore) applications(ctx context.Context, where string, args ...any) ([]sns.Application, error) {
	var rows []applicationRow
	if err := s.list(ctx, &rows, `SELECT `+applicationColumns+` FROM applications a`+where, args...); err != nil {
		return nil, err
	}
	var ids []int64
	for _, row := range rows {
		ids = append(ids, row.User, row.DecidedBy)
	}
	users, err := userStore(s).Users(ctx, ids)
	all := make([]sns.Application, len(rows))
	for i, row := range rows {
		all[i] = row.application(users)
	}
	return all, err
}

// AccountApplication returns the latest application for an account of a name, and the hash of
// its password, unless the application was accepted. ErrNotFound.
func (s applicationStore) AccountApplication(ctx context.Context, username string) (a sns.Application, hash string, err error) {
	var row hashedRow
	err = s.get(ctx, &row, `SELECT `+applicationColumns+`, a.password_hash FROM applications a
		WHERE a.folded = ? AND a.kind = ? AND a.state <> ? ORDER BY a.id DESC LIMIT 1`, sns.FoldUsername(username), sns.ApplySignUp, sns.ApplicationAccepted)
	return row.application(nil), row.Hash, err
}

// ForgetApplications deletes the applications that were decided before a time.
func (s applicationStore) ForgetApplications(ctx context.Context, before time.Time) error {
	return s.exec(ctx, `DELETE FROM applications WHERE decided_at < ?`, micros(before))
}

// A Verdict is what an administrator decides on an application.
type Verdict struct {
	Accept bool
	Note   string // to the applicant
	By     sns.User
	At     time.Time
	Mail   bool // an applicant for an account is mailed
}

func (v Verdict) state() sns.ApplicationState {
	if v.Accept {
		return sns.ApplicationAccepted
	}
	return sns.ApplicationDeclined
}

// DecidedApplication returns an application for an account that was decided, and the address of
// the applicant. ErrNotFound if there is none, or no address is left.
func (s applicationStore) DecidedApplication(ctx context.Context, id int64) (a sns.Application, address string, err error) {
	all, err := s.applications(ctx, ` WHERE a.id = ? AND a.kind = ? AND a.state <> ?`, id, sns.ApplySignUp, sns.ApplicationWaiting)
	if err != nil || len(all) == 0 {
		return a, "", cmp.Or(err, sns.ErrNotFound)
	}
	a, address = all[0], all[0].Email
	if a.State == sns.ApplicationAccepted {
		err = s.get(ctx, &address, `SELECT email FROM users WHERE id = ? AND deleted_at IS NULL`, a.User.ID)
	}
	if err == nil && address == "" {
		err = sns.ErrNotFound
	}
	return a, address, err
}

// DecideApplication decides on a waiting application: makes the account, or gives the role of a
// mentor, in effect when DecideApplication returns, and tells the member. sns.ErrConflict if the
// application was decided before, which is then returned; sns.Invalid if the name of the account
// is taken by now; ErrNotFound.
func (s applicationStore) DecideApplication(ctx context.Context, id int64, v Verdict) (sns.Application, error) {
	err := s.txTelling(ctx, func(_ *transaction, t *telling) error { return t.decideApplication(ctx, id, v) })
	if err != nil && !errors.Is(err, sns.ErrConflict) {
		return sns.Application{}, err
	}
	all, errLoad := s.applications(ctx, ` WHERE a.id = ?`, id)
	if errLoad != nil || len(all) == 0 {
		return sns.Application{}, cmp.Or(errLoad, err, sns.ErrNotFound)
	}
	s.forgetUser(all[0].User.ID)
	return all[0], err
}

func (t *telling) decideApplication(ctx context.Context, id int64, v Verdict) error {
	a, err := closeApplication(ctx, t.tx, id, v)
	if err != nil {
		return err
	}
	mentor := a.Kind == sns.ApplyMentor
	switch {
	case v.Accept && mentor:
		err = acceptMentor(ctx, t.tx, a.User)
	case v.Accept:
		a.User, err = acceptAccount(ctx, t.tx, id, NewUser{Username: a.Username, Email: a.Email, PasswordHash: a.Hash, Role: sns.RoleUser, CreatedAt: v.At})
	}
	if err != nil {
		return err
	}
	if a.User != 0 {
		if err := t.decide(ctx, sns.Decision{User: a.User, Kind: sns.DecisionOf(a.Kind, v.Accept), Note: v.Note, At: v.At}); err != nil {
			return err
		}
	}
	if v.Mail && !mentor && a.Email != "" {
		m := sns.Mail{Kind: sns.MailDecided, To: strconv.FormatInt(id, 10), CreatedAt: v.At}
		if err := queueMail(ctx, t.tx, m, v.At); err != nil {
			return err
		}
	}
	act := sns.Act{By: v.By, Kind: sns.ActTurnDown, User: sns.User{ID: a.User}, Thing: "/admin/applications", Note: v.Note, At: v.At}
	if v.Accept {
		act.Kind = sns.ActAccept
	}
	if err := logAct(ctx, t.tx, act); err != nil || !v.Accept || !mentor {
		return err
	}
	return raiseNames(ctx, t.tx)
}

// A hashedRow is an application with the hash of the password of its account.
type hashedRow struct {
	applicationRow
	Hash string `db:"password_hash"`
}

// closeApplication writes the verdict on a waiting application, which it returns.
// sns.ErrConflict if the application was decided before, ErrNotFound.
func closeApplication(ctx context.Context, tx *transaction, id int64, v Verdict) (row hashedRow, err error) {
	err = change(ctx, tx, `UPDATE applications SET state = ?, note = ?, decided_by = ?, decided_at = ?, claim = NULL WHERE id = ? AND state = ?`,
		v.state(), v.Note, v.By.ID, micros(v.At), id, sns.ApplicationWaiting)
	if err != nil && !errors.Is(err, sns.ErrNotFound) {
		return row, err
	}
	undecided := err == nil
	err = tx.GetContext(ctx, &row, `SELECT `+applicationColumns+`, a.password_hash FROM applications a WHERE a.id = ?`, id)
	if err == nil && !undecided {
		err = sns.ErrConflict
	}
	return row, err
}

// acceptAccount makes the account of an application, and returns its id.
func acceptAccount(ctx context.Context, tx *transaction, id int64, u NewUser) (int64, error) {
	user, err := insertUser(ctx, tx, u)
	if err != nil && (isDuplicate(err) || errors.Is(err, sns.ErrConflict)) {
		return 0, sns.Invalid{{Field: "form", Key: "application.name_taken", Args: map[string]any{"Name": u.Username}}}
	}
	if err != nil {
		return 0, err
	}
	return user, change(ctx, tx, `UPDATE applications SET user_id = ?, email = '', password_hash = '' WHERE id = ?`, user, id)
}

// acceptMentor makes a member a mentor. Who has a higher role by now keeps it.
func acceptMentor(ctx context.Context, tx *transaction, user int64) error {
	if err := lockUser(ctx, tx, user); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `UPDATE users SET role = ? WHERE id = ? AND role = ?`, sns.RoleMentor, user, sns.RoleUser)
	return err
}
