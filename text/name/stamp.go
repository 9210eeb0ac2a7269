package name

import "time"

// The two forms of a time in the name of a file. Both sort as the times do, and hold nothing that a
// file system refuses or a shell would split.
const (
	stampLayout       = "2006-01-02_15-04-05"
	stampMicrosLayout = "2006-01-02_15-04-05.000000"
)

// Stamp writes a time to the second, in its own zone: "2022-09-06_12-12-24". It is what
// date '+%Y-%m-%d %H-%M-%S' prints, without the space.
func Stamp(t time.Time) string { return t.Format(stampLayout) }

// StampMicros writes a time to the microsecond, in its own zone: "2022-10-10_19-23-18.975783". It is what
// Python's str(datetime.datetime.now()) gives, with neither space nor colons, and six digits also where they are 0.
func StampMicros(t time.Time) string { return t.Format(stampMicrosLayout) }

// StampBefore puts the time, to the microsecond, before a name: "2022-10-10_19-23-18.975783_Output.txt".
func StampBefore(name string, t time.Time) string { return StampMicros(t) + "_" + name }

// StampAfter puts the time, to the second, between a name and its extension: ".profile_2022-09-06_12-12-24.txt".
func StampAfter(name string, t time.Time) string {
	ext := extension(name)
	return name[:len(name)-len(ext)] + "_" + Stamp(t) + ext
}
