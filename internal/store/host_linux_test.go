package store

import (
	"os"
	"strings"
	"testing"
)

// TestNetworkDisksAreWhatTheKernelCallsSo compares with the names of the mounts of this machine, whichever there are.
func TestNetworkDisksAreWhatTheKernelCallsSo(t *testing.T) {
	mounts, err := os.ReadFile("/proc/self/mounts")
	if err != nil {
		t.Skipf("no list of mounts: %v", err)
	}
	network := map[string]bool{"nfs": true, "nfs4": true, "cifs": true, "smb3": true, "9p": true, "virtiofs": true, "ceph": true, "ext4": false, "xfs": false, "btrfs": false, "tmpfs": false, "overlay": false}
	seen := map[string]bool{}
	for line := range strings.Lines(string(mounts)) {
		fields := strings.Fields(line)
		want, known := network[fields[2]]
		if !known || strings.Contains(fields[1], `\`) { // an octal escape
			continue
		}
		seen[fields[2]] = true
		if got := networkDisk(fields[1]); (got != "") != want {
			t.Errorf("%s, a disk of the kind %s, is taken for %q", fields[1], fields[2], got)
		}
	}
	t.Logf("seen here: %v", seen)
	if got := networkDisk("/no such folder"); got != "" {
		t.Errorf("what is not there is %q", got)
	}
}
