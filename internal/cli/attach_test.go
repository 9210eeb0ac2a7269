package cli

import "testing"

// TestAttach runs the transcript of attach with several Pythons.
func TestAttach(t *testing.T) { processScript(t, "attach.txtar") }

// TestSampleEnds runs the one about how a sampled program, or cantil, is ended.
func TestSampleEnds(t *testing.T) { processScript(t, "profile_ends.txtar") }
