package view

import (
	"sync"

	"xxsns/templates"
)

var korean = sync.OnceValue(func() *Texts {
	all, err := loadTexts(templates.FS)
	if err != nil {
		panic(err)
	}
	return all[defaultLanguage]
})

// Korean returns a text of the catalogue, so that tests survive a rewording.
// Korean panics on an unknown key.
func Korean(key string, args ...any) string {
	if !korean().Has(key) {
		panic("no text " + key)
	}
	return korean().T(key, args...)
}
