package people

import (
	"crypto/rand"
	"errors"
	"net/http"
	"net/url"

	"xxsns/app/sns"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// proofTexts are the texts that say of proofs what others say of images.
var proofTexts = map[string]string{
	"image.most": "takedown.proof_most", "image.bytes": "takedown.proof_bytes", "image.kind": "takedown.proof_kind", "image.all": "takedown.proof_all",
}

// New shows the form that asks to have a post hidden, to everybody. The menu of a post names the
// post: ?url=.
func (Takedowns) New(r *request.Request) error {
	f := view.NewForm()
	if id, ok := sns.PostOfAddress(r.Query("url")); ok {
		f = view.NewForm("url", r.Address(view.PostPath(id)))
	}
	return takedownForm(r, http.StatusOK, f)
}

func takedownForm(r *request.Request, status int, f view.Form) error {
	return r.Show(status, "takedown/_form", "takedown/new", view.Page{
		Title: r.T("takedown.title"), Socket: suspended(r), Data: r.Locale.NewTakedown(rand.Text(), f),
	})
}

// suspended reports whether the viewer is suspended, whose page has no stream: the gate of
// suspended people would refuse it.
func suspended(r *request.Request) bool { return r.Viewer != nil && r.Viewer.Suspended(r.Now) }

// Create keeps a takedown, and leads to the page by which the asker follows it.
func (Takedowns) Create(r *request.Request) error {
	u, err := r.ReadDocuments("proof", sns.TakedownProofsMax, proofTexts)
	if err != nil {
		return err
	}
	defer u.CloseDocuments()
	id, err := askTakedown(r, u)
	if err != nil {
		return r.Again(err, r.Typed("url", "name", "contact", "harm", "statement"), func(status int, f view.Form) error {
			return takedownForm(r, status, askedAgain(r, u, f))
		})
	}
	if r.Mails != nil {
		r.Mails.Wake()
	}
	return r.RedirectWithToast(view.TakedownPath+"/"+r.Keyring.TakedownToken(id), "done.takedown")
}

// askedAgain adds to a refused form that files must be chosen again: browsers do not keep them.
func askedAgain(r *request.Request, u *request.Upload, f view.Form) view.Form {
	if u.Sent > 0 && f.Field("proof").Error == "" {
		f["proof"] = view.Field{Error: r.T("takedown.proof_again")}
	}
	return f
}

// askTakedown keeps the takedown of a form. The same form twice is kept once.
func askTakedown(r *request.Request, u *request.Upload) (int64, error) {
	key, err := request.FormKey(u.Values.Get("key"))
	if err = errors.Join(err, u.Slow); err != nil {
		return 0, err
	}
	t, err := checkTakedown(r, u)
	if err != nil {
		return 0, err
	}
	if err := limitTakedown(r, t); err != nil {
		return 0, err
	}
	t.Key, t.AskedAt = key, r.Now
	for _, d := range u.Documents {
		t.Proofs = append(t.Proofs, sns.Document{Name: d.Name, Type: d.Type, Size: d.Size, Content: d})
	}
	id, _, err := r.Store.AskTakedown(r.Ctx(), t)
	if errors.Is(err, sns.ErrNotFound) {
		err = sns.Invalid{{Field: "url", Key: "takedown.missing"}}
	}
	return id, err
}

// checkTakedown returns what the form asks for, or sns.Invalid with all that is wrong.
func checkTakedown(r *request.Request, u *request.Upload) (sns.Takedown, error) {
	var problems sns.Invalid
	post, ok := sns.PostOfAddress(u.Values.Get("url"), siteHosts(r)...)
	if !ok {
		problems.Add(&sns.Problem{Field: "url", Key: "takedown.foreign", Args: map[string]any{"Example": r.Address(view.PostPath(17))}})
	}
	t, err := sns.CheckTakedown(sns.Takedown{
		Post: post, Name: u.Values.Get("name"), Contact: u.Values.Get("contact"), Harm: u.Values.Get("harm"), Statement: u.Values.Get("statement"),
	})
	if typed, ok := errors.AsType[sns.Invalid](err); ok {
		problems = append(problems, typed...)
	}
	return t, append(problems, u.Problems...).Err()
}

// siteHosts returns the hosts under which people know this site.
func siteHosts(r *request.Request) []string {
	hosts := []string{r.Request.Host}
	if public, err := url.Parse(r.PublicURL); err == nil {
		hosts = append(hosts, public.Host)
	}
	return hosts
}

// limitTakedown counts a takedown for the address that it comes from, and if it is to be mailed
// to somebody, also for that one: nobody shall be flooded with mails that others ask for.
func limitTakedown(r *request.Request, t sns.Takedown) error {
	if err := r.LimitAddress(request.LimitTakedown); err != nil {
		return err
	}
	if address := sns.ContactAddress(t.Contact); address != "" {
		return request.Take(r, request.LimitTakedownTo, r.Keyring.NameDigest(address))
	}
	return nil
}
