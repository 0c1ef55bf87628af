package static

import (
	"regexp"
	"strings"
	"testing"
)

func TestOlderBrowsersUnderstandTheStyles(t *testing.T) {
	const dark, both = "@media(prefers-color-scheme:dark)", "@supports(color:light-dark(red,red))"
	for in, want := range map[string]string{
		"":                      "",
		"a{b:c}":                "a{b:c}",
		"@layer a,b;p{q:r;s:t}": "@layer a,b;p{q:r;s:t}",
		".a{--x:light-dark(oklch(.9 .1 var(--h)),#000);--y:1}":                 ".a{--x:oklch(.9 .1 var(--h));" + dark + "{--x:#000}" + both + "{--x:light-dark(oklch(.9 .1 var(--h)),#000)}--y:1}",
		".a{--x:0 0 light-dark(#1,#2),1px light-dark(#3,#4)}":                  ".a{--x:0 0 #1,1px #3;" + dark + "{--x:0 0 #2,1px #4}" + both + "{--x:0 0 light-dark(#1,#2),1px light-dark(#3,#4)}}",
		".a{--x:light-dark(#1,#2);--y:light-dark(#3,#4);@media print{--x:#5}}": ".a{--x:#1;--y:#3;" + dark + "{--x:#2;--y:#4}" + both + "{--x:light-dark(#1,#2);--y:light-dark(#3,#4)}@media print{--x:#5}}",
		"@layer x{.a{img,&:is(b,i),.c,H1:hover{d:e}}i{f:g}}":                   "@layer x{.a{& img,&:is(b,i),.c,& H1:hover{d:e}}i{f:g}}",
		".a{@media print{p{b:c}}}@keyframes k{to{b:c}}":                        ".a{@media print{& p{b:c}}}@keyframes k{to{b:c}}",
		`.a{content:"{;\"}";b:c}.a[d="}"]{e:f}`:                                `.a{content:"{;\"}";b:c}.a[d="}"]{e:f}`,
	} {
		if got := older(in); got != want {
			t.Errorf("%s\nbecomes %s\nwant    %s", in, got, want)
		}
	}
	a := load(t)
	css := ask(a, "GET", a.URL("app.css"), nil).Body.String()
	if strings.Count(css, "{") != strings.Count(css, "}") || !strings.Contains(css, "@layer reset,tokens") {
		t.Error("the bundle is broken")
	}
	supported := regexp.MustCompile(regexp.QuoteMeta(both) + `\{[^{}]*\}`)
	if !supported.MatchString(css) || strings.Contains(supported.ReplaceAllString(css, ""), lightDark) {
		t.Error("a colour has no form for older browsers")
	}
	if again := older(css); strings.Contains(again, "& &") || strings.Count(again, "& ") != strings.Count(css, "& ") {
		t.Error("a nested rule begins with a letter")
	}
}
