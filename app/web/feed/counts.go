package feed

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"xxsns/app/sns"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// MostCounts is the largest number of posts in a request for counts.
const MostCounts = 100

// Counts answers with the present counts of the posts ?id=, or the notice that a
// post was deleted: a page asks for what it missed while its stream was down.
func (Timeline) Counts(r *request.Request) error {
	ids, err := idsOfQuery(r)
	if err != nil {
		return err
	}
	counts, err := r.Store.Counts(r.Ctx(), r.Viewer.ID, ids)
	if err != nil {
		return err
	}
	fragments := make([]request.Fragment, 0, len(ids))
	for _, c := range counts {
		fragments = append(fragments, request.Fragment{Name: "post/_counts", Data: c})
		ids = slices.DeleteFunc(ids, func(id int64) bool { return id == c.Post })
	}
	for _, id := range ids { // posts without counts were deleted
		fragments = append(fragments, request.Fragment{Name: "post/_gone", Data: view.Itoa(id), Target: postElement(id), Swap: "outerHTML"})
	}
	return r.Fragments(http.StatusOK, fragments...)
}

// idsOfQuery returns the ids ?id=, or ErrBadRequest.
func idsOfQuery(r *request.Request) ([]int64, error) {
	query, err := url.ParseQuery(r.Request.URL.RawQuery)
	if err != nil {
		return nil, request.ErrBadRequest
	}
	var ids []int64
	for _, raw := range query["id"] {
		id, err := strconv.ParseInt(raw, 10, 64)
		if err != nil || id < 1 {
			return nil, request.ErrBadRequest
		}
		ids = append(ids, id)
	}
	if len(ids) > MostCounts {
		return nil, request.ErrBadRequest
	}
	return ids, nil
}

// loadCounts loads the counts of a post, or sns.ErrNotFound.
func loadCounts(r *request.Request, post int64) (sns.Counts, error) {
	counts, err := r.Store.Counts(r.Ctx(), r.Viewer.ID, []int64{post})
	if err != nil {
		return sns.Counts{}, err
	}
	if len(counts) == 0 {
		return sns.Counts{}, sns.ErrNotFound
	}
	return counts[0], nil
}

// tellCounts publishes the counts of a post, gathered with other changes.
func tellCounts(r *request.Request, c sns.Counts) {
	r.Gatherer.Add(view.CountsEvent(c))
}
