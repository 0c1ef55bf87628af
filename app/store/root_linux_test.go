package store_test

import "syscall"

// becomeNobody takes the right of the calling thread to pass over the modes of
// files.
func becomeNobody() error {
	const nobody = 65534
	if err := syscall.Setfsgid(nobody); err != nil {
		return err
	}
	return syscall.Setfsuid(nobody)
}
