package run

import (
	"bytes"
	"io"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestMessagesComeBack(t *testing.T) {
	var wire bytes.Buffer
	sent := []string{"", "x", strings.Repeat("long", 100_000)}
	for _, body := range sent {
		if err := writeMessage(&wire, kindKeys, []byte(body)); err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range sent {
		if k, body, err := readMessage(&wire); k != kindKeys || string(body) != want || err != nil {
			t.Errorf("%c %.20q, %v", k, body, err)
		}
	}
	if _, _, err := readMessage(&wire); err != io.EOF {
		t.Errorf("after the last: %v", err)
	}
}

func TestDamagedMessages(t *testing.T) {
	for wire, want := range map[string]string{
		"k\x01":                 "unexpected EOF",
		"k\x05\x00\x00\x00abc":  "unexpected EOF",
		"k\xff\xff\xff\xffabcd": "at most",
	} {
		if _, _, err := readMessage(strings.NewReader(wire)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", wire, err)
		}
	}
}

func TestASpecComesBack(t *testing.T) {
	spec := Spec{
		Argv: []string{"/bin/\xff", "", "ü"}, Dir: "/d\xfe", Env: []string{"A=\x80"}, Folder: "/f",
		Timeout: time.Second, Grace: time.Minute, OnFull: ContinueOnFull,
	}
	if got := newSharedSpec(&spec).spec(); !reflect.DeepEqual(got, spec) {
		t.Errorf("%+v, want %+v", got, spec)
	}
}
