package admin

import (
	"xxsns/app/sns"
	"xxsns/app/web/request"
)

// Create creates a facet of a board, with options.
func (Facets) Create(r *request.Request) error {
	return newFacetSection.change(r, func(board int64, _ sns.Board) error {
		var problems sns.Invalid
		name, p := sns.Label("name", r.Value("name"))
		problems.Add(p)
		options, p := sns.OptionNames("options", r.Value("options"))
		problems.Add(p)
		if err := problems.Err(); err != nil {
			return err
		}
		_, err := r.Store.CreateFacet(r.Ctx(), board, name, r.Value("optional") != "", options)
		return err
	})
}

// Update changes the name of a facet, and whether a post may leave the facet out.
func (Facets) Update(r *request.Request) error {
	return facetSection.change(r, func(id int64, _ sns.Board) error {
		name, err := typedName(r)
		if err != nil {
			return err
		}
		return r.Store.ChangeFacet(r.Ctx(), id, name, r.Value("optional") != "")
	})
}

// Move moves a facet one place up or down its board.
func (Facets) Move(r *request.Request) error { return facetSection.move(r, r.Store.MoveFacet) }

// Close closes or opens a facet.
func (Facets) Close(r *request.Request) error { return facetSection.close(r, r.Store.CloseFacet) }

// Create adds options to a facet.
func (Options) Create(r *request.Request) error {
	return newOptionsSection.change(r, func(facet int64, _ sns.Board) error {
		names, p := sns.OptionNames("options", r.Value("options"))
		if p != nil {
			return sns.Invalid{*p}
		}
		return r.Store.AddOptions(r.Ctx(), facet, names)
	})
}

// Rename changes the name of an option, also on the posts that have the option.
func (Options) Rename(r *request.Request) error {
	return optionSection.change(r, func(id int64, _ sns.Board) error {
		name, err := typedName(r)
		if err != nil {
			return err
		}
		return r.Store.RenameOption(r.Ctx(), id, name)
	})
}

// Move moves an option one place up or down its facet.
func (Options) Move(r *request.Request) error { return optionSection.move(r, r.Store.MoveOption) }

// Close closes or opens an option.
func (Options) Close(r *request.Request) error { return optionSection.close(r, r.Store.CloseOption) }
