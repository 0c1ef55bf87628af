package view

import (
	"bytes"
	"errors"
	"fmt"
	"html"
	"html/template"
	"text/template/parse"

	"xxsns/static"
)

// constants are the functions of templates whose result depends on the arguments and
// the language alone.
type constants struct {
	texts  *Texts
	assets *static.Assets
}

func (c constants) funcs() template.FuncMap {
	return template.FuncMap{"t": c.texts.T, "icon": c.icon, "asset": c.assets.URL, "account": account}
}

// The field of a form that names the account to which the form was shown. A fragment is
// the same for every viewer, so the value is missing until an answer is sent: NameAccount.
const (
	accountField = `<input type="hidden" name="account" value="`
	noAccount    = accountField + `">`
)

// account returns the field that names the account.
func account() template.HTML { return noAccount }

// NameAccount returns a page or fragment whose forms name the account with an id.
func NameAccount(body []byte, id int64) []byte {
	return bytes.ReplaceAll(body, []byte(noAccount), []byte(accountField+Itoa(id)+`">`))
}

// icon returns a symbol of the sprite. Screen readers skip the symbol: the text beside
// the symbol has the meaning.
func (c constants) icon(id string) template.HTML {
	return template.HTML(`<svg class="icon" aria-hidden="true"><use href="` + c.assets.URL("icons.svg") + `#` + html.EscapeString(id) + `"/></svg>`) //nolint:gosec // an asset and an escaped id
}

// inline replaces calls like {{t "key"}} and {{icon "id"}} below a node by the results,
// so that constant texts cost nothing when a page is rendered. A key that is not in the
// catalogue is an error.
func (c constants) inline(node parse.Node) error {
	switch n := node.(type) {
	case *parse.ListNode:
		if n == nil {
			return nil
		}
		for i, child := range n.Nodes {
			if action, ok := child.(*parse.ActionNode); ok {
				text, ok, err := c.evaluate(action)
				if err != nil {
					return err
				}
				if ok {
					n.Nodes[i] = &parse.TextNode{NodeType: parse.NodeText, Pos: action.Pos, Text: []byte(text)}
				}
				continue
			}
			if err := c.inline(child); err != nil {
				return err
			}
		}
	case *parse.IfNode:
		return errors.Join(c.inline(n.List), c.inline(n.ElseList))
	case *parse.RangeNode:
		return errors.Join(c.inline(n.List), c.inline(n.ElseList))
	case *parse.WithNode:
		return errors.Join(c.inline(n.List), c.inline(n.ElseList))
	}
	return nil
}

// evaluate returns the result of an action, and reports whether the action is a call of
// account, or of t, icon or asset with a literal alone.
func (c constants) evaluate(action *parse.ActionNode) (string, bool, error) {
	if len(action.Pipe.Decl) > 0 || len(action.Pipe.Cmds) != 1 {
		return "", false, nil
	}
	args := action.Pipe.Cmds[0].Args
	if name, ok := args[0].(*parse.IdentifierNode); ok && name.Ident == "account" {
		return noAccount, true, nil
	}
	if len(args) < 2 {
		return "", false, nil
	}
	function, isFunction := args[0].(*parse.IdentifierNode)
	literal, isLiteral := args[1].(*parse.StringNode)
	if !isFunction || !isLiteral {
		return "", false, nil
	}
	switch function.Ident {
	case "t":
		if !c.texts.Has(literal.Text) {
			return "", false, fmt.Errorf("no text %q in %s", literal.Text, c.texts.Lang)
		}
		text, ok := c.texts.plain(literal.Text)
		return html.EscapeString(text), ok && len(args) == 2, nil
	case "icon":
		return string(c.icon(literal.Text)), true, nil
	case "asset":
		return html.EscapeString(c.assets.URL(literal.Text)), true, nil
	}
	return "", false, nil
}
