package sweep

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/BurntSushi/toml"
)

// maxFile bounds a file of points: 100,000 of them take some 10 MB.
const maxFile = 64 << 20

// ReadPoints reads points from a file, as an axis: TOML with a [[points]] for each, or JSON: an array of objects, or an object
// with that array as its "points". Keys are names of parameters. A value that is null is not given. The ending of the name tells the format.
func ReadPoints(name string, r io.Reader) (Axis, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err == nil && len(data) > maxFile {
		err = fmt.Errorf("longer than %d MiB", maxFile>>20)
	}
	var rows []map[string]any
	if err == nil {
		switch ending := strings.ToLower(filepath.Ext(name)); ending {
		case ".toml":
			rows, err = readTOML(data)
		case ".json":
			rows, err = readJSON(data)
		default:
			err = fmt.Errorf("its name ends in %q, and not in .toml or .json", ending)
		}
	}
	var a Axis
	if err == nil {
		a, err = axisOf(rows)
	}
	if err != nil {
		return Axis{}, fmt.Errorf("reading the points in %s: %w", name, err)
	}
	return a, nil
}

func readTOML(data []byte) ([]map[string]any, error) {
	var file struct {
		Points []map[string]any `toml:"points"`
	}
	meta, err := toml.NewDecoder(bytes.NewReader(data)).Decode(&file)
	if err != nil {
		return nil, err
	}
	if left := meta.Undecoded(); len(left) > 0 {
		return nil, fmt.Errorf("%s stands outside of a [[points]]", left[0])
	}
	return file.Points, nil
}

func readJSON(data []byte) ([]map[string]any, error) {
	var file struct {
		Points []map[string]any `json:"points"`
	}
	var into any = &file
	if bytes.HasPrefix(bytes.TrimLeft(data, " \t\r\n"), []byte("[")) {
		into = &file.Points
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		return nil, err
	}
	if decoder.More() {
		return nil, errors.New("more follows after the points")
	}
	return file.Points, nil
}

// axisOf has the names sorted: the formats know no order of keys.
func axisOf(rows []map[string]any) (Axis, error) {
	if len(rows) == 0 {
		return Axis{}, errors.New("there are none")
	}
	if len(rows) > MostPoints {
		return Axis{}, fmt.Errorf("more than %d", MostPoints)
	}
	var a Axis
	names := map[string]bool{}
	for i, row := range rows {
		settings := Settings{}
		for name, v := range row {
			value, err := valueOf(v)
			if err == nil && !isName(name) {
				err = fmt.Errorf("%.80q is no name of a parameter", name)
			}
			if err != nil {
				return Axis{}, fmt.Errorf("point %d, %s: %w", i+1, name, err)
			}
			if value != nil {
				settings[name], names[name] = value, true
			}
		}
		a.Rows = append(a.Rows, settings)
	}
	a.Names = slices.Sorted(maps.Keys(names))
	return a, nil
}

// valueOf is a value of JSON or TOML as text; nil for null.
func valueOf(v any) (Value, error) {
	switch v := v.(type) {
	case nil:
		return nil, nil
	case string:
		return Value{v}, nil
	case bool:
		return Value{strconv.FormatBool(v)}, nil
	case json.Number:
		return Value{v.String()}, nil
	case int64:
		return Value{strconv.FormatInt(v, 10)}, nil
	case float64:
		return Value{strconv.FormatFloat(v, 'g', -1, 64)}, nil
	case []any:
		list := Value{}
		for _, item := range v {
			one, err := valueOf(item)
			if _, isList := item.([]any); isList || err != nil || len(one) != 1 {
				return nil, errors.New("a list holds texts, numbers, true and false")
			}
			list = append(list, one[0])
		}
		return list, nil
	}
	return nil, fmt.Errorf("a value is a text, a number, true, false or a list of them, and not %T", v)
}
