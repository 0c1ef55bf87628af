package store

import (
	"context"
	"errors"
	"time"

	"xxsns/app/sns"
)

// A Renaming asks for another username of an account.
type Renaming struct {
	User int64
	Name string // checked by sns.NewUsername
	At   time.Time

	// Command means that a command of the operator asks: sns.NameRest does not count, names
	// that look alike are for the operator to judge, and the act is logged.
	Command bool
}

// Rename changes the username of an account. The name before leads to the account for
// sns.NameReserved, and is given to nobody else meanwhile. A former name of the account may be
// taken back, and is then no former one any more. sns.ErrConflict if the name is taken or looks
// like one that is (see UsernameTaken); sns.Invalid if the account has the name, or has got its
// name less than sns.NameRest ago; ErrNotFound.
func (s userStore) Rename(ctx context.Context, r Renaming) error {
	defer s.forgetUser(r.User)
	return s.tx(ctx, func(tx *transaction) error {
		if err := lockUser(ctx, tx, r.User); err != nil {
			return err
		}
		was, err := nameOf(ctx, tx, r)
		if err != nil {
			return err
		}
		folded := sns.FoldUsername(r.Name)
		err = change(ctx, tx, `UPDATE users SET username = ?, folded = ?, skeleton = ?, renamed_at = ? WHERE id = ?`,
			r.Name, folded, sns.Skeleton(r.Name), micros(r.At), r.User)
		if err != nil {
			return err
		}
		if err := checkGiven(ctx, tx, r.Name, r.User, r.At); err != nil {
			return err
		}
		if err := keepFormer(ctx, tx, was, folded, r); err != nil {
			return err
		}
		if err := nameUsers(ctx, tx, []int64{r.User}); err != nil {
			return err
		}
		if r.Command {
			if err := logAct(ctx, tx, sns.Act{Kind: sns.ActRename, User: sns.User{ID: r.User}, At: r.At}); err != nil {
				return err
			}
		}
		return raiseNames(ctx, tx)
	})
}

// A presentName is the username of an account, and since when.
type presentName struct {
	Username  string `db:"username"`
	Folded    string `db:"folded"`
	Skeleton  string `db:"skeleton"`
	CreatedAt int64  `db:"created_at"`
	RenamedAt int64  `db:"renamed_at"`
}

// nameOf returns the name of a locked account that may be changed. Errors are those of Rename.
func nameOf(ctx context.Context, tx *transaction, r Renaming) (was presentName, err error) {
	err = tx.GetContext(ctx, &was, `SELECT username, folded, skeleton, created_at, renamed_at FROM users WHERE id = ?`, r.User)
	switch {
	case err != nil:
		return was, err
	case was.Username == r.Name:
		return was, sns.Invalid{{Field: "username", Key: "name.same"}}
	case r.Command:
		return was, nil
	case was.RenamedAt > r.At.Add(-sns.NameRest).UnixMicro():
		return was, sns.Invalid{{Field: "form", Key: "name.rest", Args: map[string]any{"Days": int(sns.NameRest / (24 * time.Hour))}}}
	}
	taken, alike, err := namesAlike(ctx, tx.SelectContext, r.Name, r.User, r.At)
	if err == nil && (taken || alike) {
		err = sns.ErrConflict
	}
	return was, err
}

// checkGiven returns sns.ErrConflict if the name that the transaction has given to an account
// (0: an application) must not be given: an erased account had the name, somebody else gave it
// up less than sns.NameReserved ago, or an application waits for it. The rows are locked instead
// of read: the transaction may have waited for one that gave the name up, and a SELECT would see
// the rows as they were before.
func checkGiven(ctx context.Context, tx *transaction, name string, user int64, now time.Time) error {
	folded := sns.FoldUsername(name)
	for _, c := range []struct {
		table, where string
		args         []any
	}{
		{`users`, `folded = ?`, []any{forgotten(folded)}},
		{`former_names`, `folded IN (?, ?) AND (user_id = 0 OR user_id <> ? AND until_at > ?)`, []any{folded, forgotten(folded), user, reservedSince(now)}},
		{`applications`, `claim = ?`, []any{claimOfName(name)}},
	} {
		err := lockRow(ctx, tx, c.table, c.where, c.args...)
		if err == nil {
			return sns.ErrConflict
		}
		if !errors.Is(err, sns.ErrNotFound) {
			return err
		}
	}
	return nil
}

// reservedSince returns the time after which names were given up that are reserved now.
func reservedSince(now time.Time) any { return micros(now.Add(-sns.NameReserved)) }

// keepFormer makes the name before a former one. A former name that the account takes back is
// none any more.
func keepFormer(ctx context.Context, tx *transaction, was presentName, folded string, r Renaming) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM former_names WHERE user_id = ? AND folded = ?`, r.User, folded); err != nil {
		return err
	}
	since := was.CreatedAt
	if was.RenamedAt > 0 {
		since = was.RenamedAt
	}
	return change(ctx, tx, `INSERT INTO former_names (user_id, username, folded, skeleton, search, since_at, until_at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		r.User, was.Username, was.Folded, was.Skeleton, personForm(was.Username, ""), since, micros(r.At))
}

// dropFormerNames deletes the former names of an account that is being deleted. Of those that
// are reserved a digest stays, which tells neither the name nor whose it was: nobody is given
// the name of a deleted account.
func dropFormerNames(ctx context.Context, tx *transaction, user int64, now time.Time) error {
	var reserved []presentName
	err := tx.SelectContext(ctx, &reserved, `SELECT username, folded, skeleton, since_at AS created_at, until_at AS renamed_at FROM former_names
		WHERE user_id = ? AND until_at > ? ORDER BY id`, user, reservedSince(now))
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM former_names WHERE user_id = ?`, user); err != nil {
		return err
	}
	for _, name := range reserved {
		_, err := tx.ExecContext(ctx, `INSERT INTO former_names (user_id, username, folded, skeleton, search, since_at, until_at) VALUES (0, '', ?, ?, '', 0, 0)`,
			forgotten(name.Folded), forgotten(name.Skeleton))
		if err != nil {
			return err
		}
	}
	return nil
}

// NameChanged returns when a user changed the username last; zero: never. ErrNotFound.
func (s userStore) NameChanged(ctx context.Context, user int64) (time.Time, error) {
	var at int64
	err := s.get(ctx, &at, `SELECT renamed_at FROM users WHERE id = ? AND deleted_at IS NULL`, user)
	if at == 0 {
		return time.Time{}, err
	}
	return timeOf(at), err
}

// FormerNames returns the former names of users that are kept, the latest first. Users without
// one are missing from the map.
func (s userStore) FormerNames(ctx context.Context, users []int64) (map[int64][]sns.FormerName, error) {
	type row struct {
		User  int64  `db:"user_id"`
		Name  string `db:"username"`
		Since int64  `db:"since_at"`
		Until int64  `db:"until_at"`
	}
	names := make(map[int64][]sns.FormerName)
	err := listIn(ctx, s.database, `SELECT user_id, username, since_at, until_at FROM former_names WHERE user_id IN (?) ORDER BY user_id DESC, id DESC`, users, func(r row) {
		names[r.User] = append(names[r.User], sns.FormerName{Name: r.Name, Since: timeOf(r.Since), Until: timeOf(r.Until)})
	})
	return names, err
}

// UserCalled returns the user of a username as UserByName does, or else the user who gave the
// name up less than sns.NameReserved ago. ErrNotFound.
func (s userStore) UserCalled(ctx context.Context, username string, now time.Time) (sns.User, error) {
	user, err := s.UserByName(ctx, username)
	if !errors.Is(err, sns.ErrNotFound) {
		return user, err
	}
	var row userRow
	err = s.get(ctx, &row, `SELECT `+userColumns+` FROM former_names f JOIN users u ON u.id = f.user_id
		WHERE f.folded = ? AND f.until_at > ? AND u.deleted_at IS NULL ORDER BY f.id DESC LIMIT 1`, sns.FoldUsername(username), reservedSince(now))
	return row.user(), err
}

// ForgetFormerNames deletes the names that were given up sns.FormerNameKept ago, and returns
// their number. The digests of names of deleted accounts stay.
func (s userStore) ForgetFormerNames(ctx context.Context, now time.Time) (n int64, err error) {
	return s.deleteRows(ctx, `DELETE FROM former_names WHERE user_id <> 0 AND until_at <= ?`, micros(now.Add(-sns.FormerNameKept)))
}
