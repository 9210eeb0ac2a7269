package remote

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// maxMappings bounds the list: the kernel's own default limit is 65,530 for a process.
const maxMappings = 1 << 20

// parseMaps reads the text of /proc/PID/maps (see proc_pid_maps(5)).
func parseMaps(r io.Reader) ([]Mapping, error) {
	var maps []Mapping
	scan := bufio.NewScanner(r)
	for scan.Scan() && len(maps) < maxMappings {
		m, err := parseMapping(scan.Text())
		if err != nil {
			return nil, err
		}
		maps = append(maps, m)
	}
	return maps, scan.Err()
}

// parseMapping reads one line: "start-end perms offset dev inode   path".
func parseMapping(line string) (Mapping, error) {
	var fields [5]string
	rest := line
	for i := range fields {
		fields[i], rest, _ = strings.Cut(rest, " ")
	}
	start, end, _ := strings.Cut(fields[0], "-")
	m := Mapping{Path: strings.TrimLeft(rest, " ")}
	var errs [4]error
	m.Start, errs[0] = strconv.ParseUint(start, 16, 64)
	m.End, errs[1] = strconv.ParseUint(end, 16, 64)
	m.Offset, errs[2] = strconv.ParseUint(fields[2], 16, 64)
	m.Inode, errs[3] = strconv.ParseUint(fields[4], 10, 64)
	for _, err := range errs {
		if err != nil || m.End < m.Start || len(fields[1]) != 4 {
			return Mapping{}, fmt.Errorf("not a line of /proc/PID/maps: %.200q", line)
		}
	}
	perms := fields[1]
	m.Readable, m.Writable, m.Executable, m.Private = perms[0] == 'r', perms[1] == 'w', perms[2] == 'x', perms[3] == 'p'
	m.Path, m.Deleted = strings.CutSuffix(m.Path, " (deleted)")
	return m, nil
}
