//go:build !linux

package npy

// inHugePages does nothing: only Linux takes the advice.
func inHugePages([]byte) {}
