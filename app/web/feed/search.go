package feed

import (
	"errors"
	"net/http"

	"xxsns/app/sns"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// Show finds ?q= in everything that the viewer may see: a few things of each kind, or with
// ?in= those of one kind, page by page.
func (Search) Show(r *request.Request) error {
	v := newSearching(r)
	if v.problem.Key != sns.QuestionEmpty {
		if err := r.Limit(request.LimitSearch); err != nil {
			return err
		}
		if err := v.find(); err != nil {
			return err
		}
	}
	if r.Partial() && v.in != nil {
		return r.Fragments(http.StatusOK, request.Fragment{Name: "search/_list", Data: v.list()})
	}
	return v.page()
}

// A searching is one answer of Show that is being made.
type searching struct {
	*request.Request
	question sns.Question
	problem  sns.Problem
	in       *searchKind // nil: all kinds
	view     view.Results
	posts    []sns.Post // found on the page
	slow     bool
}

func newSearching(r *request.Request) *searching {
	v := &searching{Request: r}
	v.question, v.problem = sns.ParseQuestion(r.Query("q"))
	for i := range searchKinds {
		if searchKinds[i].name == r.Query("in") {
			v.in = &searchKinds[i]
			v.view.In = v.in.name
		}
	}
	v.view.Query = v.question.Text
	return v
}

// find searches the kinds of the page.
func (v *searching) find() error {
	for i := range searchKinds {
		kind := &searchKinds[i]
		if v.in != nil && kind != v.in || v.in == nil && !v.suits(kind) || kind.text && !v.question.FindsTexts() {
			continue
		}
		if err := v.findKind(kind); err != nil {
			return err
		}
	}
	return nil
}

// suits reports whether a search in all kinds looks for a kind: a question for the posts of
// somebody, or on a board, is about what was written there alone.
func (v *searching) suits(kind *searchKind) bool {
	if v.question.Board != "" && !kind.onBoards {
		return false
	}
	return v.question.From == "" || kind.text
}

// findKind adds what is found of a kind. What a search has found until it took too long is
// shown; messages that cannot be searched for now keep nobody from the rest.
func (v *searching) findKind(kind *searchKind) error {
	search := sns.Search{Question: v.question, Viewer: v.Viewer.User, Limit: sns.SearchFew, Now: v.Now}
	if v.in != nil {
		search.Limit, search.Before = sns.SearchPage, v.Query("before")
	}
	list, err := kind.find(v, search)
	switch {
	case errors.Is(err, sns.ErrSlow):
		v.slow = true
	case errors.Is(err, sns.ErrUnavailable):
		v.Warn("messages not searched", err)
		v.view.Notes = append(v.view.Notes, v.T("search.unavailable"))
	case err != nil:
		return err
	}
	if list.Empty() {
		return nil
	}
	found := view.KindFound{Kind: kind.name, Title: v.T(kind.title), Alone: v.in != nil, List: list}
	if list.Next != "" {
		path := view.SearchPath(v.question.Text, kind.name, list.Next)
		if v.in == nil {
			found.All = view.SearchPath(v.question.Text, kind.name, "")
		} else {
			found.List.More = path
		}
	}
	v.view.Kinds = append(v.view.Kinds, found)
	return nil
}

// list returns what was found of the only kind.
func (v *searching) list() view.FoundList {
	if len(v.view.Kinds) == 0 {
		return view.FoundList{}
	}
	return v.view.Kinds[0].List
}

// page answers with the page.
func (v *searching) page() error {
	if err := v.complete(); err != nil {
		return err
	}
	title := v.T("nav.search")
	if v.question.Text != "" {
		title = v.T("search.title", "Query", v.question.Text)
	}
	return v.Page(http.StatusOK, "search/show", view.Page{Title: title, Nav: "search", Topics: "topic=" + view.TopicTimeline, Data: v.view})
}

// complete adds all that the page shows beside what was found.
func (v *searching) complete() error {
	boards, err := v.Boards.All(v.Ctx())
	if err != nil {
		return err
	}
	v.view.Chips = v.Locale.Narrowings(v.question, v.view.In, boards, v.posts)
	if v.question.Text != "" && v.problem.Key != "" {
		v.view.Notes = append([]string{v.Locale.TWith(v.problem.Key, v.problem.Args)}, v.view.Notes...)
	}
	if v.problem.Key == sns.QuestionEmpty {
		return nil
	}
	if v.slow {
		v.view.Notes = append(v.view.Notes, v.T("search.slow"))
	}
	v.view.Nothing = len(v.view.Kinds) == 0
	if v.in != nil || v.question.From != "" || v.question.Board != "" {
		v.view.Wider = view.WiderPath(v.question)
	}
	v.addTabs()
	done, total, err := v.Store.SearchIndexProgress(v.Ctx())
	v.view.Indexing = view.NewIndexing(done, total)
	return err
}

// addTabs adds the tab of everything and those of the kinds.
func (v *searching) addTabs() {
	tab := func(title, kind string) {
		v.view.Tabs = append(v.view.Tabs, view.NewTab(v.T(title), view.SearchPath(v.question.Text, kind, ""), kind == v.view.In))
	}
	tab("search.everything", "")
	for _, kind := range searchKinds {
		tab(kind.title, kind.name)
	}
}
