package view

// An Input is shared/_input: a field of a form with its label, and its hint or error.
type Input struct {
	Name, Label string
	Hint        string // or empty
	Type        string // empty: a text
	Rows        int    // 0: one line
	Required    bool
	Field
}

// Input returns the field of a form with a label and a hint, which are texts. The id of the
// field is its name.
func (f Form) Input(name, label, hint string) Input {
	return Input{Name: name, Label: label, Hint: hint, Field: f.Field(name)}
}

// Long returns the field as a field of that many lines.
func (i Input) Long(rows int) Input {
	i.Rows = rows
	return i
}

// Of returns the field as a field of a type, such as number.
func (i Input) Of(kind string) Input {
	i.Type = kind
	return i
}

// Must returns the field as a field that must not be empty.
func (i Input) Must() Input {
	i.Required = true
	return i
}

// Choices is shared/_choices: a group of which one is chosen.
type Choices struct {
	Name, Label, Error string
	All                []Choice
}
