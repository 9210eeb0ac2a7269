// Package proto reads and writes profile.proto, the format of pprof, without judging what
// a profile means.
//
// Call [Unmarshal] on what gzip had compressed, or fill a [Profile] and call
// [Profile.Write]. The format is pprof's proto/profile.proto; where that has numbers of
// messages and of strings, a [Profile] has indexes and the strings themselves.
package proto

import "errors"

// ErrFormat is wrapped by the error about bytes that are no profile.proto, or a damaged
// one.
var ErrFormat = errors.New("not a profile.proto")

// Profile is one profile.
type Profile struct {
	SampleTypes       []ValueType // what the values of each sample are, in their order
	DefaultSampleType string      // which of them to show first; "" is the last
	Samples           []Sample
	Mappings          []Mapping
	Locations         []Location
	Functions         []Function
	Comments          []string
	TimeNanos         int64 // since 1970, in nanoseconds
	DurationNanos     int64
	PeriodType        ValueType // of what Period is a number
	Period            int64     // between two samples
}

// ValueType is a kind and its unit: "samples" and "count", "cpu" and "nanoseconds".
type ValueType struct{ Type, Unit string }

// Sample is one stack and what was measured there.
type Sample struct {
	Locations []int   // indexes into [Profile.Locations], the innermost first
	Values    []int64 // one for each of [Profile.SampleTypes]
	Labels    []Label
}

// Label is what else is known of a sample: a text, or a number and its unit.
type Label struct {
	Key, Text string
	Number    int64
	Unit      string
}

// Mapping is a file that was mapped into the memory of the process.
type Mapping struct {
	Start, Limit, Offset                                            uint64
	File, BuildID                                                   string
	HasFunctions, HasFilenames, HasLineNumbers, HasInlinedFunctions bool
}

// Location is a place in the program.
type Location struct {
	Mapping int // an index into [Profile.Mappings], or [None]
	Address uint64
	Lines   []Line // of inlined functions several, the innermost first
}

// None is the index of nothing.
const None = -1

// Line is a line of a function.
type Line struct {
	Function int // an index into [Profile.Functions], or [None]
	Line     int64
}

// Function is a function of the program.
type Function struct {
	Name, SystemName, File string
	StartLine              int64
}

// Text is the first label of that key that is a text, or "".
func (s *Sample) Text(key string) string {
	for i := range s.Labels {
		if l := &s.Labels[i]; l.Key == key && l.Text != "" {
			return l.Text
		}
	}
	return ""
}

// Number is the first label of that key that is a number, or 0.
func (s *Sample) Number(key string) int64 {
	for i := range s.Labels {
		if l := &s.Labels[i]; l.Key == key && l.Text == "" {
			return l.Number
		}
	}
	return 0
}

// The numbers of the fields of each message.
const (
	profileSampleType, profileSample, profileMapping, profileLocation, profileFunction = 1, 2, 3, 4, 5
	profileString, profileTime, profileDuration, profilePeriodType, profilePeriod      = 6, 9, 10, 11, 12
	profileComment, profileDefault                                                     = 13, 14

	valueTypeType, valueTypeUnit                = 1, 2
	sampleLocation, sampleValue, sampleLabel    = 1, 2, 3
	labelKey, labelText, labelNumber, labelUnit = 1, 2, 3, 4

	mappingID, mappingStart, mappingLimit, mappingOffset, mappingFile, mappingBuild = 1, 2, 3, 4, 5, 6
	mappingFunctions, mappingFilenames, mappingLines, mappingInlined                = 7, 8, 9, 10

	locationID, locationMapping, locationAddress, locationLine            = 1, 2, 3, 4
	lineFunction, lineLine                                                = 1, 2
	functionID, functionName, functionSystem, functionFile, functionStart = 1, 2, 3, 4, 5
)
