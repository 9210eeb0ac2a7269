package interp

import "path/filepath"

// systemFolders are Homebrew's on both kinds of processor, python.org's and Apple's. Not
// /usr/bin: the python3 there asks to install a gigabyte where Apple's tools are missing.
func (f *finder) systemFolders() []string {
	dirs := f.under("/opt/homebrew/bin", "/usr/local/bin", "/Library/Developer/CommandLineTools/usr/bin")
	frameworks, _ := filepath.Glob(f.under("/Library/Frameworks/Python.framework/Versions/3.*/bin")[0])
	return append(dirs, frameworks...)
}
