package argspec

// dialect is what differs between the releases of argparse in how arguments are parsed and what is said of them.
type dialect struct {
	abbrevAlways      bool // single-dash clusters are found without allow_abbrev, too (3.8)
	namesByChoices    bool // an argument without a name is called by its choices (3.9)
	emptyExplicit     bool // "-x=" does not crash where -x takes no argument (3.10)
	emptyListUncheck  bool // no arguments for "*" without a default are not compared with the choices (3.12)
	clusters          bool // "-xy" with an unknown y is an unknown argument, "-x=y" an error (3.13)
	warns             bool // of what is deprecated (3.13)
	dashesOfOptions   bool // "--opt=--" loses its "--" (before 3.13)
	lateAmbiguity     bool // ambiguous options are told when they are reached (3.14)
	dashesByPattern   bool // of positionals, only a "--" that stands for the end of options is removed (3.14)
	trimsPositionals  bool // positionals that match nothing wait while options follow (3.14)
	abbrevWithValue   bool // "-long=value" may be abbreviated (3.14)
	defaultsUnchecked bool // defaults are not compared with the choices (3.14)
	choicesAsText     bool // choices are told by str (3.14)
	givenByPresence   bool // an argument counts as given even with its default value (3.14)
	plainPatterns     bool // of nargs (3.14)
	anyNegative       bool // whatever begins like a negative number is one (3.14)
}

// known are the fingerprints of the releases of argparse that [Spec.Check] was compared with, on thousands of command lines. A release that is not
// among them is asked itself. TestFingerprints tells what is to be added for another.
var known = map[string]dialect{
	"d9a1ad90999e2487": dialectOf(6),              // 3.6.15
	"909f17c56d341c40": dialectOf(7),              // 3.7.16
	"39fe15d4fe041131": dialectOf(8),              // 3.8.18
	"2f4b4372d3c0adb9": dialectOf(9),              // 3.9.18
	"7d97e491d3fbf73b": dialectOf(10),             // 3.10.13 to 3.10.16
	"41bd70cccb282f5b": dialectOf(11),             // 3.11.2
	"e24c9a08f3bd561a": dialectOf(11),             // 3.11.7
	"7d23a80ea0b97f8e": clustering(dialectOf(11)), // 3.11.11
	"d946fc0d1ef6101c": dialectOf(12),             // 3.12.1
	"6e8589dcf3df1c21": dialectOf(13),             // 3.13.0
	"14ecbebfb5014fc2": dialectOf(14),             // 3.14.6
}

// dialectOf is the dialect of the release of a Python 3 with the minor version.
func dialectOf(minor int) dialect {
	return dialect{
		abbrevAlways: minor >= 8, namesByChoices: minor >= 9, emptyExplicit: minor >= 10, emptyListUncheck: minor >= 12,
		clusters: minor >= 13, warns: minor >= 13, dashesOfOptions: minor < 13,
		lateAmbiguity: minor >= 14, dashesByPattern: minor >= 14, trimsPositionals: minor >= 14, abbrevWithValue: minor >= 14,
		defaultsUnchecked: minor >= 14, choicesAsText: minor >= 14, givenByPresence: minor >= 14, plainPatterns: minor >= 14, anyNegative: minor >= 14,
	}
}

// clustering is the dialect of the later bug fixes of a version before 3.13, which took over how 3.13 reads short options.
func clustering(d dialect) dialect {
	d.clusters, d.dashesOfOptions = true, false
	return d
}
