//go:build !windows && !darwin

package interp

// systemFolders are where distributions and `make install` put Pythons, on PATH or not.
func (f *finder) systemFolders() []string {
	return f.under("/usr/local/bin", "/usr/bin")
}
