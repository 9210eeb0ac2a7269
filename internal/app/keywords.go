package app

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"strings"

	"github.com/cantil-py/cantil/value"
)

// keywords reads a JSON object, in its order.
func keywords(text string) (*value.Dict, error) {
	if text == "" {
		return nil, nil
	}
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	v, err := jsonValue(d)
	if err == nil && d.More() {
		err = errors.New("something follows the value")
	}
	if err != nil {
		return nil, fmt.Errorf("reading the keyword arguments %q as JSON: %w", text, err)
	}
	kwargs, ok := v.(*value.Dict)
	if !ok {
		return nil, fmt.Errorf("reading the keyword arguments %q: not a JSON object but a %s", text, v.Type())
	}
	return kwargs, nil
}

// jsonValue reads one value; encoding/json bounds how deep they nest.
func jsonValue(d *json.Decoder) (value.Value, error) {
	token, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch token := token.(type) {
	case nil:
		return value.None, nil
	case bool:
		return value.Bool(token), nil
	case string:
		return value.Str(token), nil
	case json.Number:
		return jsonNumber(token)
	case json.Delim:
		if token == '[' {
			return jsonList(d)
		}
	}
	return jsonObject(d)
}

// jsonNumber is an int where Python's json makes one: without point and exponent.
func jsonNumber(n json.Number) (value.Value, error) {
	if !strings.ContainsAny(string(n), ".eE") {
		i, _ := new(big.Int).SetString(string(n), 10)
		return value.NewInt(i), nil
	}
	f, err := n.Float64()
	return value.Float(f), err
}

func jsonList(d *json.Decoder) (value.Value, error) {
	list := &value.List{}
	for d.More() {
		item, err := jsonValue(d)
		if err != nil {
			return nil, err
		}
		list.Items = append(list.Items, item)
	}
	_, err := d.Token() // the bracket
	return list, err
}

func jsonObject(d *json.Decoder) (value.Value, error) {
	dict := &value.Dict{}
	for d.More() {
		key, err := jsonValue(d)
		if err != nil {
			return nil, err
		}
		item, err := jsonValue(d)
		if err != nil {
			return nil, err
		}
		if err := dict.Set(key, item); err != nil {
			return nil, err
		}
	}
	_, err := d.Token() // the brace
	return dict, err
}
