package stacks

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"time"
)

// maxRead is how many samples a profile that is read may have: 384 MiB of them.
const maxRead = 16 << 20

// maxTime bounds the time of a sample; no program was sampled for longer.
const maxTime = 10 * 365 * 24 * time.Hour

// encodeOrder is the text that tells when each sample was taken and to which one of
// profile.proto it belongs: for each the microseconds since the one before and the
// number, as varints, all in base64.
func encodeOrder(samples []Sample, numbers []int) string {
	var raw []byte
	last := time.Duration(0)
	for i, s := range samples {
		raw = binary.AppendUvarint(raw, uint64((s.At-last)/time.Microsecond))
		raw = binary.AppendUvarint(raw, uint64(numbers[i]))
		last = s.At
	}
	return base64.RawStdEncoding.EncodeToString(raw)
}

// moment is a sample's time, and its number in profile.proto.
type moment struct {
	at     time.Duration
	number int
}

var errOrder = errors.New("the order of the samples cannot be read")

// decodeOrder reads what encodeOrder wrote.
func decodeOrder(text string) ([]moment, error) {
	raw, err := base64.RawStdEncoding.DecodeString(text)
	if err != nil {
		return nil, errOrder
	}
	var moments []moment
	at := time.Duration(0)
	for len(raw) > 0 {
		delta, n := binary.Uvarint(raw)
		if n <= 0 || delta > uint64(maxTime/time.Microsecond) {
			return nil, errOrder
		}
		number, m := binary.Uvarint(raw[n:])
		if m <= 0 || number > maxRead {
			return nil, errOrder
		}
		raw = raw[n+m:]
		if at += time.Duration(delta) * time.Microsecond; at > maxTime || len(moments) >= maxRead {
			return nil, errOrder
		}
		moments = append(moments, moment{at, int(number)})
	}
	return moments, nil
}
