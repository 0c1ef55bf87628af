//go:build !unix

package apptest

import "errors"

// pause needs Unix.
func (p *process) pause() error { return errors.ErrUnsupported }

// resume needs Unix.
func (p *process) resume() error { return errors.ErrUnsupported }
