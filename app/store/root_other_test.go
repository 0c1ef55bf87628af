//go:build !linux

package store_test

import "errors"

func becomeNobody() error { return errors.New("only Linux can") }
