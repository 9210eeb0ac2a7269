package scan_test

import (
	"fmt"
	"strings"

	"github.com/cantil-py/cantil/value/scan"
)

func ExamplePickles() {
	report, err := scan.Pickles(strings.NewReader("cos\nsystem\n(S'ls'\ntR."), scan.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(report.Verdict, report.Verdict.Clean())
	fmt.Println(report.Findings[0])
	// Output:
	// dangerous false
	// dangerous: os.system: can run commands or code, or reach what does (GLOBAL at byte 0)
}
