package people

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"

	"xxsns/app/push"
	"xxsns/app/sns"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// Key answers with the public key of the community, as text. The header Push-Wanted says
// whether this browser may subscribe by itself: the viewer has asked for that here before.
func (Pushes) Key(r *request.Request) error {
	if r.Pushes == nil {
		return sns.ErrNotFound
	}
	r.Header("Cache-Control", "no-store")
	r.Header("Push-Wanted", strconv.FormatBool(r.WantsPushes()))
	r.String(http.StatusOK, r.Pushes.Sender.Keys.Public)
	return nil
}

// List shows the browsers that are told of the viewer's notices.
func (Pushes) List(r *request.Request) error {
	if !r.Partial() {
		return r.Redirect(switchesPath + "#push")
	}
	return pushDevices(r, view.PushDevices{})
}

// Create makes the browser be told of the viewer's notices: the body is its subscription. With
// ?silently=true the browser renews by itself, which is 410 if the viewer has ended that.
func (Pushes) Create(r *request.Request) error {
	if err := r.Limit(request.LimitPush); err != nil {
		return err
	}
	if r.Pushes == nil {
		return sns.ErrNotFound
	}
	d, err := readSubscription(r)
	if err != nil {
		return err
	}
	if push.Check(d) != nil {
		return request.ErrBadRequest
	}
	silently := r.Query("silently") == "true"
	d.User, d.Session, d.Lang = r.Viewer.ID, r.Viewer.Session, r.Locale.Lang
	d.Agent = request.Start(r.Request.UserAgent(), sns.AgentMax)
	err = r.Store.SubscribePush(r.Ctx(), d, silently, r.Now)
	if errors.Is(err, sns.ErrPushEnded) {
		r.Status(http.StatusGone)
		return nil
	}
	if err != nil {
		return err
	}
	if !silently {
		r.WantPushes(true)
	}
	r.Status(http.StatusNoContent)
	return nil
}

// readSubscription reads the JSON that browsers make of a subscription. The endpoint and the
// keys are not checked.
func readSubscription(r *request.Request) (d sns.PushDevice, err error) {
	if kind, _, _ := mime.ParseMediaType(r.GetHeader("Content-Type")); kind != "application/json" {
		return d, request.ErrBadRequest
	}
	body, err := io.ReadAll(r.Request.Body) // of a bounded length
	if err != nil {
		return d, err
	}
	var subscription struct {
		Endpoint string
		Keys     struct{ P256dh, Auth string }
	}
	if json.Unmarshal(body, &subscription) != nil {
		return d, request.ErrBadRequest
	}
	return sns.PushDevice{Endpoint: subscription.Endpoint, PublicKey: subscription.Keys.P256dh, Secret: subscription.Keys.Auth}, nil
}

// Delete ends that a browser is told: the one whose subscription is the body, or the one of the
// field id of a form.
func (Pushes) Delete(r *request.Request) error {
	if err := r.Limit(request.LimitPush); err != nil {
		return err
	}
	if kind, _, _ := mime.ParseMediaType(r.GetHeader("Content-Type")); kind != "application/json" {
		return request.Form(removePushDevice)(r)
	}
	d, err := readSubscription(r)
	if err != nil {
		return err
	}
	if err := r.Store.EndPushEndpoint(r.Ctx(), r.Viewer.ID, d.Endpoint); err != nil {
		return err
	}
	r.WantPushes(false)
	r.Status(http.StatusNoContent)
	return nil
}

func removePushDevice(r *request.Request) error {
	id, err := strconv.ParseInt(r.Value("id"), 10, 64)
	if err != nil {
		return request.ErrBadRequest
	}
	session, err := r.Store.EndPushDevice(r.Ctx(), r.Viewer.ID, id, r.Now)
	if err != nil && !errors.Is(err, sns.ErrNotFound) { // a second click finds nothing
		return err
	}
	if session == r.Viewer.Session {
		r.WantPushes(false)
	}
	if !r.Partial() {
		return r.RedirectWithToast(switchesPath, "done.push_removed")
	}
	return pushDevices(r, view.PushDevices{Done: r.T("done.push_removed")})
}

// Try sends a try to one of the viewer's browsers.
func (Pushes) Try(r *request.Request) error {
	if err := r.Limit(request.LimitPushTest); err != nil {
		return err
	}
	id, err := r.Number("id")
	if err != nil {
		return err
	}
	if r.Pushes == nil {
		return sns.ErrNotFound
	}
	if err := r.Store.TryPush(r.Ctx(), r.Viewer.ID, id, r.Now); err != nil {
		return err
	}
	r.Pushes.Wake()
	if !r.Partial() {
		return r.RedirectWithToast(switchesPath, "done.push_test")
	}
	return pushDevices(r, view.PushDevices{Done: r.T("done.push_test"), Tried: true})
}

// pushDevices answers with the section of the settings.
func pushDevices(r *request.Request, v view.PushDevices) error {
	if err := loadPushDevices(r, &v); err != nil {
		return err
	}
	return r.Fragments(http.StatusOK, request.Fragment{Name: "notification/_devices", Data: v})
}

// loadPushDevices adds to v the browsers that are told of the viewer's notices. Without pushes
// there are none.
func loadPushDevices(r *request.Request, v *view.PushDevices) error {
	if r.Pushes == nil {
		return nil
	}
	v.Key = r.Pushes.Sender.Keys.Public
	devices, err := r.Store.PushDevices(r.Ctx(), r.Viewer.ID)
	for _, d := range devices {
		name, mobile := deviceName(r, d.Agent)
		v.Devices = append(v.Devices, view.PushDevice{
			ID: d.ID, Name: name, Mobile: mobile, This: d.Session == r.Viewer.Session,
			Since: r.Locale.Time(d.CreatedAt, r.Now), Result: r.Locale.PushResult(d, r.Now),
		})
	}
	return err
}
