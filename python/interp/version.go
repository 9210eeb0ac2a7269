package interp

import (
	"fmt"
	"strconv"
	"strings"
)

// Version is a version of Python, as sys.version_info has it.
type Version struct {
	Major, Minor, Micro int
	Pre                 string // "a1", "b2", "rc1"; "" for a release
}

// String is as Python writes it: "3.14.0rc2".
func (v Version) String() string {
	return fmt.Sprintf("%d.%d.%d%s", v.Major, v.Minor, v.Micro, v.Pre)
}

// MarshalText writes it as String does.
func (v Version) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (v *Version) UnmarshalText(text []byte) error {
	s, ok := parseSpec(string(text))
	if !ok || len(s.parts) != 3 || s.named || s.freeThreaded {
		return fmt.Errorf("reading the version of a Python: %.40q", text)
	}
	*v = Version{Major: s.parts[0], Minor: s.parts[1], Micro: s.parts[2], Pre: s.pre}
	return nil
}

// parseVersionInfo reads "3.14.0.candidate.2", the five fields of sys.version_info.
func parseVersionInfo(text string) (Version, error) {
	fields := strings.Split(text, ".")
	if len(fields) != 5 {
		return Version{}, fmt.Errorf("it answered with the version %.40q", text)
	}
	var v Version
	for i, to := range []*int{&v.Major, &v.Minor, &v.Micro} {
		n, err := strconv.Atoi(fields[i])
		if err != nil {
			return Version{}, fmt.Errorf("it answered with the version %.40q", text)
		}
		*to = n
	}
	short := map[string]string{"alpha": "a", "beta": "b", "candidate": "rc"}
	if mark, ok := short[fields[3]]; ok {
		v.Pre = mark + fields[4]
	}
	return v, nil
}
