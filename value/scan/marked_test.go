package scan

import "testing"

// In folders too, what is compressed in ways that nobody can look into here is told.
func TestOtherCompressionIsNotPassedOver(t *testing.T) {
	for name, magic := range map[string]string{"xz": "\xfd7zXZ\x00", "7z": "7z\xbc\xaf\x27\x1c", "zstd": "\x28\xb5\x2f\xfd", "lz4": "\x04\x22\x4d\x18"} {
		r, err := File(write(t, "model.pkl", []byte(magic+"........")), Options{})
		if err != nil || r.Verdict != Malformed || !r.LooksLikePickle() {
			t.Errorf("%s: %v, %v", name, r, err)
		}
	}
}
