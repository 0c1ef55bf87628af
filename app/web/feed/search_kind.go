package feed

import (
	"errors"

	"xxsns/app/sns"
	"xxsns/app/view"
)

// A searchKind is a kind of things that are found. text means that somebody has written a
// thing of the kind, which one syllable does not find, and onBoards that the thing stands on
// a board.
type searchKind struct {
	name           string // in the URL
	title          string // key of the text
	text, onBoards bool
	find           func(*searching, sns.Search) (view.FoundList, error)
}

// searchKinds are the kinds in the order of the page.
var searchKinds = []searchKind{
	{name: "posts", title: "search.posts", text: true, onBoards: true, find: (*searching).findPosts},
	{name: "comments", title: "search.comments", text: true, onBoards: true, find: (*searching).findComments},
	{name: "people", title: "search.people", find: (*searching).findPeople},
	{name: "rooms", title: "search.rooms", find: (*searching).findRooms},
	{name: "messages", title: "search.messages", text: true, find: (*searching).findMessages},
}

func (v *searching) findPosts(search sns.Search) (list view.FoundList, err error) {
	posts, next, slow := v.Store.SearchPosts(v.Ctx(), search)
	if !shows(slow) {
		return list, slow
	}
	boards, err := v.Boards.All(v.Ctx())
	if err != nil {
		return list, err
	}
	v.posts, list.Next = posts, next
	list.Posts, err = v.Locale.FoundPosts(posts, boards, search.Question, v.Now)
	return list, errors.Join(slow, err)
}

func (v *searching) findComments(search sns.Search) (list view.FoundList, err error) {
	comments, next, err := v.Store.SearchComments(v.Ctx(), search)
	for _, c := range comments {
		list.Comments = append(list.Comments, v.Locale.FoundComment(c, search.Question, v.Now))
	}
	list.Next = next
	return list, err
}

func (v *searching) findPeople(search sns.Search) (list view.FoundList, err error) {
	people, next, err := v.Store.SearchPeople(v.Ctx(), search)
	for _, u := range people {
		list.Items = append(list.Items, v.Locale.FoundPerson(u, search.Question))
	}
	list.Next = next
	return list, err
}

// findRooms finds boards and rooms. There are few boards: the first page has them all.
func (v *searching) findRooms(search sns.Search) (list view.FoundList, err error) {
	if search.Before == "" {
		boards, err := v.Store.SearchBoards(v.Ctx(), search)
		if !shows(err) {
			return list, err
		}
		for _, b := range boards {
			list.Items = append(list.Items, v.Locale.FoundBoard(b, search.Question))
		}
	}
	rooms, next, err := v.Store.SearchRooms(v.Ctx(), search)
	for _, room := range rooms {
		list.Items = append(list.Items, v.Locale.FoundRoom(room.Room, search.Question, v.Now))
	}
	list.Next = next
	return list, err
}

func (v *searching) findMessages(search sns.Search) (list view.FoundList, err error) {
	messages, next, err := v.Rooms.SearchMessages(v.Ctx(), search)
	for _, m := range messages {
		list.Items = append(list.Items, v.Locale.FoundMessage(m, search.Question, v.Now))
	}
	list.Next = next
	return list, err
}

// shows reports whether results that come with an error are shown.
func shows(err error) bool { return err == nil || errors.Is(err, sns.ErrSlow) }
