package store_test

import (
	"errors"
	"fmt"
	"testing"

	"xxsns/app/apptest"
	"xxsns/app/sns"
	"xxsns/app/store"
)

// atOnce are the tests with concurrent changes.
var atOnce = map[string]func(*testing.T, *database){
	"deleting a post":         deletingAPost,
	"one post, deleted twice": onePostDeletedTwice,
	"one comment, too":        oneCommentDeletedTwice,
	"likes and comments":      likesAndComments,
	"one name":                oneName,
	"one new name":            oneNewName,
	"a name given up":         nameBeingGivenUp,
	"profile images":          profileImages,
	"fifty people":            fiftyPeople,
	"neighbours":              neighbours,
	"sessions":                sessions,
	"the last seats":          lastSeats,
	"one person, entering":    onePersonEnters,
	"seats taken away":        seatsTakenAway,
	"one end":                 oneEnd,
	"the end and the door":    endAndDoor,
	"told of a seat":          toldOfASeat,
	"waiting in many rooms":   waitingInManyRooms,
	"loss of a buffer":        lossOfABuffer,
	"one of many claims":      oneOfManyClaims,
	"a lease taken over":      leaseTakenOver,
	"overlapping messages":    overlappingMessages,
	"many speak":              manySpeak,
	"one line, many times":    oneLineManyTimes,
	"closing while many say":  closingWhileManySpeak,
	"opened and closed":       openedAndClosed,
	"places in an order":      manyOrder,
	"posts in buckets":        postsInBuckets,
	"one new bucket":          oneNewBucket,
	"following each other":    followEachOther,
	"the last followee":       lastFollowee,
	"leaving and a room":      leavingAndARoom,
	"leaving and following":   leavingAndFollowing,
	"leaving and signing in":  leavingAndSigningIn,
	"the last administrators": lastAdministrators,
}

// MariaDB 11.8 is stricter by default: if a transaction changes a row that has
// changed since its snapshot, the statement fails and the transaction must be
// retried.
func TestAtOnceOnStrictMariaDB(t *testing.T) {
	server := apptest.StartMariaDB(t, apptest.MariaDBOptions{Args: []string{"--innodb-snapshot-isolation=ON"}})
	for name, test := range atOnce {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, migrated(t, server.Database(t)))
		})
	}
}

// Likes and comments that arrive while the post is being deleted either fail or
// are deleted as well.
func TestDeletingAPostLeavesNoOrphans(t *testing.T) { each(t, deletingAPost) }

func deletingAPost(t *testing.T, d *database) {
	people := d.users(t, 6)
	for round := range 15 {
		made := d.newPost(t, people[0], "글")
		made.Images = images(fmt.Sprintf("%d.jpg", round))
		post, err := d.CreatePost(t.Context(), made)
		if err != nil {
			t.Fatal(err)
		}
		errs := make([]error, 3*len(people))
		together(len(errs), func(i int) { errs[i] = d.likeCommentOrDelete(t, post, people, i) })
		wantErrors(t, errs, sns.ErrNotFound)
		d.wantGone(t, post)
	}
}

func (d *database) likeCommentOrDelete(t *testing.T, post int64, people []int64, i int) (err error) {
	person := people[i%len(people)]
	switch {
	case i == len(people):
		_, err = d.DeletePost(t.Context(), post, people[0])
	case i%2 == 0:
		_, _, err = d.SetLike(t.Context(), post, person, true, noon)
	default:
		_, _, err = d.AddComment(t.Context(), store.NewComment{Post: post, Author: person, Content: "댓글", CreatedAt: noon})
	}
	return err
}

func TestOnePostDeletedTwiceAtOnce(t *testing.T) { each(t, onePostDeletedTwice) }

func onePostDeletedTwice(t *testing.T, d *database) {
	minji := d.user(t, "민지")
	for range 10 {
		post := d.post(t, minji, "글")
		var errs [4]error
		together(len(errs), func(i int) { _, errs[i] = d.DeletePost(t.Context(), post, minji) })
		if ok := wantErrors(t, errs[:], sns.ErrNotFound); ok != 1 {
			t.Errorf("deleted %d times", ok)
		}
	}
}

func TestOneCommentDeletedTwiceAtOnce(t *testing.T) { each(t, oneCommentDeletedTwice) }

func oneCommentDeletedTwice(t *testing.T, d *database) {
	minji := d.user(t, "민지")
	post := d.post(t, minji, "글")
	for range 10 {
		comment := d.comment(t, post, minji, "댓글")
		var errs [4]error
		together(len(errs), func(i int) { _, errs[i] = d.DeleteComment(t.Context(), comment, minji) })
		if ok := wantErrors(t, errs[:], sns.ErrNotFound); ok != 1 {
			t.Errorf("deleted %d times", ok)
		}
		if counts := d.counts(t, post); counts.Comments != 0 {
			t.Fatalf("then %+v", counts)
		}
	}
}

// Each change of a post's counts has a version of its own, also when likes and
// comments mix.
func TestLikesAndCommentsAtOnce(t *testing.T) { each(t, likesAndComments) }

func likesAndComments(t *testing.T, d *database) {
	people := d.users(t, 16)
	post := d.post(t, people[0], "글")
	changes := make([]sns.Counts, 3*len(people))
	together(len(people), func(i int) {
		got, err := d.commentThenDeleteThenLike(t, post, people[i])
		if err != nil {
			t.Errorf("person %d: %v", i, err)
		}
		copy(changes[3*i:], got)
	})
	wantOneAfterTheOther(t, changes)
	if counts := d.counts(t, post); counts.Likes != len(people) || counts.Comments != 0 || d.rows(t, "comments") != 0 {
		t.Errorf("in the end %+v, %d rows of comments", counts, d.rows(t, "comments"))
	}
}

func (d *database) commentThenDeleteThenLike(t *testing.T, post, person int64) ([]sns.Counts, error) {
	id, added, err := d.AddComment(t.Context(), store.NewComment{Post: post, Author: person, Content: "댓글", CreatedAt: noon})
	if err != nil {
		return nil, err
	}
	deleted, err := d.DeleteComment(t.Context(), id, person)
	if err != nil {
		return nil, err
	}
	liked, changed, err := d.SetLike(t.Context(), post, person, true, noon)
	if err == nil && !changed {
		err = errors.New("the like changed nothing")
	}
	return []sns.Counts{added, deleted, liked}, err
}

func TestOneNameForManyAtOnce(t *testing.T) { each(t, oneName) }

func oneName(t *testing.T, d *database) {
	names := []string{"Minji", "minji", "MINJI", "mInJi"}
	errs := make([]error, 16)
	together(len(errs), func(i int) { _, errs[i] = d.CreateUser(t.Context(), newUser(names[i%len(names)])) })
	if ok := wantErrors(t, errs, sns.ErrConflict); ok != 1 || d.rows(t, "users") != 1 {
		t.Errorf("%d succeeded, %d users", ok, d.rows(t, "users"))
	}
}
