package apptest

import (
	_ "embed"
	"fmt"
	"strings"
)

// axeSource is axe-core, vendored by .ci/vendor.
//
//go:embed axe/axe.min.js
var axeSource string

// Violation is a rule of accessibility that the page breaks.
type Violation struct {
	ID      string // the rule, such as "color-contrast"
	Impact  string // minor, moderate, serious or critical
	Help    string // the demand of the rule
	HelpURL string
	Nodes   []ViolationNode
}

// ViolationNode is an element that breaks the rule.
type ViolationNode struct {
	HTML           string
	FailureSummary string
}

// String returns the rule with every element that breaks the rule.
func (v Violation) String() string {
	var text strings.Builder
	fmt.Fprintf(&text, "%s (%s): %s, see %s", v.ID, v.Impact, v.Help, v.HelpURL)
	for _, node := range v.Nodes {
		fmt.Fprintf(&text, "\n\t%s\n\t\t%s", node.HTML, strings.ReplaceAll(node.FailureSummary, "\n", "\n\t\t"))
	}
	return text.String()
}

// Axe returns the violations that axe-core finds on the page as the page is
// now: every rule of WCAG 2.2 AA and of good practice. Axe needs JavaScript.
func (p *Person) Axe() []Violation {
	p.t.Helper()
	var violations []Violation
	p.ask(&violations, `async () => {
	if (!window.axe) {
`+axeSource+`
	}
	const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
	const found = await axe.run(document, {resultTypes: ['violations'], runOnly: tags})
	return found.violations.map(v => ({ID: v.id, Impact: v.impact, Help: v.help, HelpURL: v.helpUrl,
		Nodes: v.nodes.map(n => ({HTML: n.html, FailureSummary: n.failureSummary}))}))
}`)
	return violations
}
