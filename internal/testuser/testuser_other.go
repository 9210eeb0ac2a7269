//go:build !unix

package testuser

import "testing"

func runAsOther(t *testing.T) { t.Skip("this system has no modes") }
