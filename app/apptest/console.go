package apptest

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/serviceworker"
	"github.com/chromedp/chromedp"
)

// console keeps the complaints of a page.
type console struct {
	mu      sync.Mutex // guards the fields below
	lines   []string
	allowed []*regexp.Regexp
	workers map[serviceworker.RegistrationID]bool // those that are registered, if the page was asked
}

// AllowConsole makes the lines that match the pattern no failure, for example
// `status of 422 .*/posts$` where a test sends wrong input: the browser logs
// an error for every answer of 4xx and 5xx, followed by its address.
func (p *Person) AllowConsole(pattern string) {
	p.console.mu.Lock()
	defer p.console.mu.Unlock()
	p.console.allowed = append(p.console.allowed, regexp.MustCompile(pattern))
}

// checkConsole fails the test for every line that is not allowed.
func (p *Person) checkConsole() {
	p.t.Helper()
	// An answer from the page comes after all events that were on their way.
	if _, err := chromedp.Run(p.ctx, chromedp.Evaluate[bool]("true")); err != nil {
		p.t.Errorf("the page does not answer at the end of the test: %v", err)
	}
	for _, line := range p.console.unexpected() {
		p.t.Errorf("unexpected in the browser's console: %s", line)
	}
}

// lateMark matches what browsers log when a page tells what was read just after the room or
// the seat has ended, before the socket says so.
var lateMark = regexp.MustCompile(`status of 40[39] .*/rooms/\d+/read`)

func (c *console) unexpected() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(c.lines), func(line string) bool {
		return lateMark.MatchString(line) || slices.ContainsFunc(c.allowed, func(r *regexp.Regexp) bool { return r.MatchString(line) })
	})
}

// all returns every line so far, allowed or not.
func (c *console) all() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.lines)
}

// listen is called for every event of the page and must not block. Violations
// of the Content-Security-Policy and failed requests are entries of the log.
func (c *console) listen(event any) {
	line := ""
	switch e := event.(type) {
	case *serviceworker.EventWorkerRegistrationUpdated:
		c.register(e.Registrations)
	case *runtime.EventConsoleAPICalled:
		line = callLine(e)
	case *runtime.EventExceptionThrown:
		line = exceptionLine(e.ExceptionDetails)
	case *log.EventEntryAdded:
		line = entryLine(e.Entry)
	}
	if line != "" {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.lines = append(c.lines, line)
	}
}

// register keeps the registrations of service workers.
func (c *console) register(all []*serviceworker.Registration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.workers == nil {
		c.workers = map[serviceworker.RegistrationID]bool{}
	}
	for _, r := range all {
		c.workers[r.RegistrationID] = !r.IsDeleted
	}
}

// worker returns the registration of a service worker, or "".
func (c *console) worker() serviceworker.RegistrationID {
	c.mu.Lock()
	defer c.mu.Unlock()
	for id, there := range c.workers {
		if there {
			return id
		}
	}
	return ""
}

func callLine(e *runtime.EventConsoleAPICalled) string {
	switch e.Type {
	case runtime.ConsoleAPICalledTypeError, runtime.ConsoleAPICalledTypeWarning, runtime.ConsoleAPICalledTypeAssert:
	default:
		return ""
	}
	words := []string{"console." + string(e.Type) + ":"}
	for _, arg := range e.Args {
		words = append(words, argument(arg))
	}
	return strings.Join(words, " ")
}

// argument is a value of a console call as its text.
func argument(arg *runtime.RemoteObject) string {
	var text string
	if json.Unmarshal(arg.Value, &text) == nil {
		return text
	}
	if arg.Description != "" {
		return arg.Description
	}
	return string(arg.Value)
}

func exceptionLine(e *runtime.ExceptionDetails) string {
	text := e.Text
	if e.Exception != nil {
		text += " " + argument(e.Exception)
	}
	return fmt.Sprintf("exception: %s %s:%d", text, e.URL, e.LineNumber+1)
}

func entryLine(e *log.Entry) string {
	if e.Level != log.EntryLevelError && e.Level != log.EntryLevelWarning {
		return ""
	}
	return strings.TrimSpace(fmt.Sprintf("%s %s: %s %s", e.Source, e.Level, e.Text, e.URL))
}
