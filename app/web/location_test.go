package web_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"xxsns/app/apptest"
	"xxsns/app/sns"
	"xxsns/app/web"
)

// offered returns the choices of a step of the picker and the chosen option; nil if the
// picker does not show the step.
func offered(p *apptest.Page, step string) (choices []string, chosen string) {
	field := p.Find("#location select[name=" + step + "]")
	if field.Length() == 0 {
		return nil, ""
	}
	return field.Find("option").Map(texts)[1:], field.Find("option[selected]").Text()
}

// savable reports whether the picker's button can be pressed.
func savable(p *apptest.Page) bool {
	return p.Find("#location .btn-main").Not("[disabled]").Length() == 1
}

// lives sets the location of a user to a typed text.
func lives(t *testing.T, c *apptest.Client, place string) {
	t.Helper()
	leadsTo(t, c.Post("/settings/location", "location", place), "/settings")
}

// placeOf returns the location on the home of a user, as looker sees the home.
func placeOf(looker *apptest.Client, name string) string {
	return looker.Get(homeOf(name)).Want(200).Text(".profile .place")
}

// steps returns the address of a step of the picker, as a form without scripts sends it.
func steps(pairs ...string) string {
	query := url.Values{"next": {"/settings"}}
	for i := 0; i+1 < len(pairs); i += 2 {
		query.Set(pairs[i], pairs[i+1])
	}
	return "/settings/location?" + query.Encode()
}

func TestALocationIsPickedStepByStepWithoutScripts(t *testing.T) {
	v := open(t)
	p := v.minji.Get("/settings").Want(200)
	if regions, chosen := offered(p, "region"); len(regions) < 16 || regions[0] != "서울특별시" || chosen != "" {
		t.Errorf("the first step offers %v", regions)
	}
	if next, _ := offered(p, "district"); next != nil || savable(p) {
		t.Error("the second step is there before the first is taken")
	}
	p = v.minji.Get(steps("region", "서울특별시")).Want(200)
	districts, _ := offered(p, "district")
	if towns, _ := offered(p, "town"); !slices.Contains(districts, "성동구") || towns != nil || savable(p) {
		t.Errorf("in Seoul are %v", districts)
	}
	p = v.minji.Get(steps("region", "서울특별시", "district", "성동구")).Want(200)
	towns, _ := offered(p, "town")
	if _, district := offered(p, "district"); !slices.Contains(towns, "성수동1가") || district != "성동구" || !savable(p) {
		t.Errorf("%s has %v", district, towns)
	}
	leadsTo(t, v.minji.Post("/settings/location", "next", "/settings", "region", "서울특별시", "district", "성동구", "town", "성수동1가"), "/settings")
	p = v.minji.Get("/settings").Want(200)
	toasts(t, p, "done.saved")
	for step, want := range map[string]string{"region": "서울특별시", "district": "성동구", "town": "성수동1가"} {
		if _, got := offered(p, step); got != want {
			t.Errorf("afterwards the step %s is %q", step, got)
		}
	}
	if got := placeOf(v.seojun, "민지"); got != "서울 성동구 성수동1가" {
		t.Errorf("the home says %q", got)
	}
	// The town may be left out.
	leadsTo(t, v.minji.Post("/settings/location", "region", "서울특별시", "district", "성동구", "town", ""), "/settings")
	if got := placeOf(v.seojun, "민지"); got != "서울 성동구" {
		t.Errorf("the home says %q", got)
	}
}

func TestThePickerAsAFragment(t *testing.T) {
	v := open(t)
	p := v.minji.HX().Get(steps("region", "경기도", "district", "성동구", "town", "성수동1가")).Want(200).Has("section#location").Lacks("title")
	// After a change of the region, the district and the town must be chosen again.
	if districts, chosen := offered(p, "district"); len(districts) < 30 || chosen != "" || savable(p) {
		t.Errorf("in 경기도 are %v, chosen is %q", districts, chosen)
	}
	p = v.minji.HX().Post("/settings/location", "region", "서울특별시", "district", "중구", "town", "").Want(200).Has("section#location .ok")
	if got := p.Text("#location .place"); got != "서울 중구" {
		t.Errorf("now one lives at %q", got)
	}
	p = v.minji.HX().Post("/settings/location", "next", "/local", "region", "서울특별시", "district", "중구").Want(200)
	if got := p.Header.Get("HX-Redirect"); got != "/local" {
		t.Errorf("who set out from the local board comes to %q", got)
	}
}

func TestSejongHasNoDistricts(t *testing.T) {
	v := open(t)
	p := v.minji.Get(steps("region", "세종특별자치시")).Want(200)
	towns, _ := offered(p, "town")
	if districts, _ := offered(p, "district"); districts != nil || !slices.Contains(towns, "보람동") || !savable(p) {
		t.Errorf("세종 has the districts %v and the towns %v", districts, towns)
	}
	leadsTo(t, v.minji.Post("/settings/location", "region", "세종특별자치시", "town", "보람동"), "/settings")
	if got := placeOf(v.seojun, "민지"); got != "세종 보람동" {
		t.Errorf("the home says %q", got)
	}
	if _, town := offered(v.minji.Get("/settings"), "town"); town != "보람동" {
		t.Errorf("the picker shows %q", town)
	}
}

func TestWhatIsTypedAndStandsInTheListIsAsIfPicked(t *testing.T) {
	v := open(t)
	leadsTo(t, v.seojun.Post("/settings/location", "region", "서울특별시", "district", "성동구", "town", "성수동1가"), "/settings")
	for typed, want := range map[string]string{
		"서울 성동구 성수동1가": "서울 성동구 성수동1가", "성동구": "서울 성동구", "  서울특별시\u3000성동구 ": "서울 성동구", norm.NFD.String("서울시 성동구"): "서울 성동구",
		"세종": "세종", "중구": "중구", // several cities have a 중구
		"한빛대학교 기숙사": "한빛대학교 기숙사", "Café 2층": "Café 2층",
	} {
		lives(t, v.minji, typed)
		if got := placeOf(v.haneul, "민지"); got != want {
			t.Errorf("%q becomes %q, want %q", typed, got, want)
		}
		same := v.count("SELECT COUNT(*) FROM users a JOIN users b ON a.area = b.area WHERE a.id = 1 AND b.id = 2") == 1
		if same != strings.HasPrefix(want, "서울 성동구") {
			t.Errorf("%q is where 서준 lives: %t", typed, same)
		}
		if _, region := offered(v.minji.Get("/settings"), "region"); (region == "") != (want == "중구" || strings.Contains(want, " 기숙사") || strings.Contains(want, "층")) {
			t.Errorf("%q: the picker shows %q", typed, region)
		}
	}
	if got := value(v.minji.Get("/settings"), "location"); got != "" && got != v.minji.Get("/settings").Text("#location .place") {
		t.Errorf("the field for typing holds %q", got)
	}
}

func TestPlacesThatAreRefused(t *testing.T) {
	v := open(t)
	lives(t, v.minji, "서울 성동구")
	long := strings.Repeat("가", sns.LocationMax+1)
	for _, bad := range []struct {
		fields     []string
		field, key string
	}{
		{nil, "location", "location.empty"},
		{[]string{"location", " \n\u3164"}, "location", "location.empty"},
		{[]string{"region", "", "district", "성동구"}, "location", "location.empty"},
		{[]string{"location", long}, "location", "invalid.long"},
		{[]string{"location", "\xff\xfe"}, "location", "invalid.encoding"},
		{[]string{"location", strings.Repeat("👨\u200d👩\u200d👧\u200d👦", sns.LocationMax)}, "location", "invalid.bytes"},
		{[]string{"region", "서울특별시"}, "region", "location.unknown"},
		{[]string{"region", "서울특별시", "district", "해운대구"}, "region", "location.unknown"},
		{[]string{"region", "서울", "district", "성동구"}, "region", "location.unknown"},
		{[]string{"region", "서울특별시", "district", "성동구", "town", "우동"}, "region", "location.unknown"},
		{[]string{"region", "아틀란티스", "district", "성동구"}, "region", "location.unknown"},
		{[]string{"region", "\xff", "district", "\x00"}, "region", "location.unknown"},
	} {
		for _, c := range []*apptest.Client{v.minji, v.minji.HX()} {
			p := c.Post("/settings/location", bad.fields...).Want(422).Has("#location [name=" + bad.field + "][aria-invalid=true]")
			if got, want := beside(p, bad.field), web.Korean(bad.key, "Max", sns.LocationMax, "Length", sns.LocationMax+1); got != want {
				t.Errorf("%.60q: beside stands %q, want %q", bad.fields, got, want)
			}
			if bad.key == "invalid.long" && value(p, "location") != long {
				t.Errorf("kept is %q", value(p, "location"))
			}
		}
	}
	if got := placeOf(v.seojun, "민지"); got != "서울 성동구" {
		t.Errorf("something refused was saved: %q", got)
	}
}

func TestALocationIsTakenAway(t *testing.T) {
	v := open(t)
	v.minji.Get("/settings").Lacks("#location [name=remove]")
	lives(t, v.minji, "서울 성동구")
	v.minji.Get("/settings").Has("#location [name=remove]")
	p := v.minji.HX().Post("/settings/location", "remove", "1").Want(200).Has("#location .ok").Lacks("[name=remove]")
	if _, region := offered(p, "region"); region != "" {
		t.Errorf("the picker still shows %q", region)
	}
	v.seojun.Get(homeOf("민지")).Lacks(".profile .place")
	leadsTo(t, v.minji.Post("/settings/location", "remove", "1"), "/settings") // 민지 has no location
}

func TestPlacesThatTryToBeMoreThanText(t *testing.T) {
	v := open(t)
	for _, text := range append(slices.Clone(evil), `<b data-xss>`, `"><i data-xss>`, `{{.Place}}`) {
		c := v.minji.Post("/settings/location", "location", text)
		if c.Status != 303 && c.Status != 422 {
			t.Errorf("%s: %d", text, c.Status)
		}
		harmless(t, c)
		for _, path := range []string{"/settings", "/settings/location", homeOf("민지"), "/local", "/settings/location?region=" + url.QueryEscape(text) + "&district=" + url.QueryEscape(text) + "&next=" + url.QueryEscape(text)} {
			harmless(t, v.minji.Get(path).Want(200))
		}
		if c.Status == 422 {
			continue
		}
		v.minji.HX().Post("/posts", "board", "local", "content", "여기예요").Want(200).Has(".post .place")
		for _, path := range []string{"/", "/local", homeOf("민지")} {
			p := v.minji.Get(path).Want(200)
			harmless(t, p)
			if got := p.Find("article.post").First().Find(".place").Text(); got != text {
				t.Errorf("%s: the post was written at %q, want %q", path, got, text)
			}
		}
	}
}

func TestSettingALocationLeadsNowhereElse(t *testing.T) {
	v := open(t)
	for next, want := range map[string]string{
		"/local": "/local", "//evil.example": "/", "https://evil.example": "/", `/\evil.example`: "/", "/\r\nX: y": "/", "": "/",
	} {
		leadsTo(t, v.minji.Post("/settings/location", "location", "서울 성동구", "next", next), want)
		if got := value(v.minji.Get("/settings/location?next="+url.QueryEscape(next)), "next"); next != "" && got != want {
			t.Errorf("%q: the form keeps %q", next, got)
		}
	}
	p := v.minji.Get("/settings/location").Want(200)
	leadsTo(t, v.minji.Post("/settings/location", "location", "서울 성동구", "next", value(p, "next")), "/settings")
}
