package web_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"xxsns/app/apptest"
)

// A password is not shown while being typed, a password manager knows which one is
// meant, and no form puts it into an address.
func TestPasswordFieldsAreForPasswordManagers(t *testing.T) {
	v := open(t)
	fields := 0
	for path, page := range map[string]*apptest.Page{
		"/sign-in": v.Guest().Get("/sign-in"), "/sign-up": v.Guest().Get("/sign-up"),
		"/settings": v.minji.Get("/settings"), "/settings/delete": v.minji.Get("/settings/delete"),
		"a mistake": v.Guest().Post("/sign-in", "username", "민지", "password", "틀린비밀번호"),
	} {
		for _, input := range page.Find("input[type=password], input[name*=password]").EachIter() {
			fields++
			name := input.AttrOr("name", "")
			known := map[string]string{"current_password": "current-password", "password_confirm": "new-password"}[name]
			if known == "" { // a new one, but for signing in
				known = "new-password"
				if input.Closest("form[action='/sign-in']").Length() > 0 {
					known = "current-password"
				}
			}
			if input.AttrOr("type", "") != "password" || input.AttrOr("autocomplete", "") != known || input.AttrOr("value", "") != "" {
				t.Errorf("%s: the field %s: type %q, autocomplete %q", path, name, input.AttrOr("type", ""), input.AttrOr("autocomplete", ""))
			}
			for _, bound := range []string{"maxlength", "pattern", "readonly", "onpaste"} { // would cut a password off, or keep one from being pasted
				if _, set := input.Attr(bound); set {
					t.Errorf("%s: the field %s has %s", path, name, bound)
				}
			}
			form := input.Closest("form")
			if form.AttrOr("method", "") != "post" || strings.Contains(form.AttrOr("action", ""), "?") {
				t.Errorf("%s: the form of %s is sent by %q to %q", path, name, form.AttrOr("method", ""), form.AttrOr("action", ""))
			}
		}
	}
	if fields < 8 {
		t.Errorf("only %d fields were found", fields)
	}
}

// An account has a password, and neither a hint nor a question that others may answer.
func TestAnAccountHasNoHint(t *testing.T) {
	v := open(t)
	for path, want := range map[string][]string{
		"/sign-up": {"email", "password", "password_confirm", "username"}, "/sign-in": {"password", "username"},
	} {
		var names []string
		for _, input := range v.Guest().Get(path).Find("form[action='" + path + "']").Find("input, select, textarea").Not("[type=hidden]").EachIter() {
			names = append(names, input.AttrOr("name", ""))
		}
		if slices.Sort(names); !slices.Equal(names, want) {
			t.Errorf("%s asks for %v", path, names)
		}
	}
	columns := lines(t, v.database(), "SELECT name FROM pragma_table_info('users') WHERE name LIKE '%hint%' OR name LIKE '%question%' OR name LIKE '%answer%'")
	if len(columns) != 0 {
		t.Errorf("an account has %v", columns)
	}
}

// Addresses stand in logs and histories: a secret in one is not taken.
func TestNoPasswordIsTakenFromAnAddress(t *testing.T) {
	v := open(t)
	secret := "?" + url.Values{
		"username": {"민지"}, "password": {apptest.Password}, "password_confirm": {apptest.Password}, "current_password": {apptest.Password},
		"email": {"y@example.com"}, "others": {"1"}, "session": {v.cookie(v.minji)},
	}.Encode()
	signed := v.Guest().Post("/sign-in" + secret).Want(422)
	if c := setCookie(signed); c != nil {
		t.Errorf("signed in by an address: %v", c)
	}
	v.Guest().Get("/settings" + secret).Want(303)
	v.Guest().Post("/sign-up" + strings.Replace(secret, url.QueryEscape("민지"), url.QueryEscape("유진"), 1)).Want(422)
	v.minji.Post("/settings/password" + secret).Want(422)
	v.minji.Post("/settings/delete" + secret).Want(422)
	if n := v.count("SELECT COUNT(*) FROM users WHERE username <> ''"); n != 3 {
		t.Errorf("there are %d accounts", n)
	}
	v.minji.Get("/settings").Want(200)
}
