package request

import (
	"context"
	"errors"
)

// ErrLate means that the body of a request arrived too slowly.
var ErrLate = errors.New("the body arrived too slowly")

// lateKey is the key of what WithLate adds.
type lateKey struct{}

// WithLate returns the context of a request whose body has a time limit. The error of Read
// may be lost on the way, as in a multipart header; late tells whether the time was over.
func WithLate(ctx context.Context, late func() bool) context.Context {
	return context.WithValue(ctx, lateKey{}, late)
}

// isLate reports whether the body of the request arrived too slowly. net/http has ended ctx
// then, as if the connection were lost.
func isLate(ctx context.Context) bool {
	late, ok := ctx.Value(lateKey{}).(func() bool)
	return ok && late()
}

// bodyError separates a body that arrived too slowly from one that is malformed.
func bodyError(ctx context.Context, err error) error {
	if isLate(ctx) {
		return ErrLate
	}
	return errors.Join(ErrBadRequest, err)
}
