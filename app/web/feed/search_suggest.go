package feed

import (
	"net/http"

	"xxsns/app/sns"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// mostSuggested is how many people, boards and rooms Suggest shows of each kind.
const mostSuggested = 3

// Suggest shows people, boards and rooms for ?q=, which is being typed.
func (Search) Suggest(r *request.Request) error {
	if !r.Partial() {
		return r.Redirect(view.SearchPath(r.Query("q"), "", ""))
	}
	v := newSearching(r)
	if err := r.Limit(request.LimitSuggest); err != nil {
		return err
	}
	shown := view.Suggestions{Query: v.question.Text, All: view.SearchPath(v.question.Text, "", "")}
	if v.problem.Key != sns.QuestionEmpty && v.question.From == "" && v.question.Board == "" {
		search := sns.Search{Question: v.question, Viewer: r.Viewer.User, Limit: mostSuggested, Now: r.Now}
		for _, find := range []func(sns.Search) (view.FoundList, error){v.findPeople, v.findRooms} {
			list, err := find(search)
			if !shows(err) {
				return err
			}
			shown.Items = append(shown.Items, list.Items...)
		}
	}
	return r.Fragments(http.StatusOK, request.Fragment{Name: "search/_suggestions", Data: shown})
}
