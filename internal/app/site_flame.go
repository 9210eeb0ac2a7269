package app

import (
	"errors"
	"fmt"
	"path/filepath"

	"github.com/cantil-py/cantil/profile/flame"
	"github.com/cantil-py/cantil/profile/imports"
)

// mostFlames is how many profiles one flame page shows: one, or two as their difference.
const mostFlames = 2

// RunFlame is the flame page of the profile of a run, or of those of two runs as their difference.
func (s *Site) RunFlame(ids []string) (*flame.Page, error) {
	if len(ids) == 0 || len(ids) > mostFlames {
		return nil, &BadInput{fmt.Errorf("a flame page shows one run, or two, not %d", len(ids))}
	}
	var profiles []*flame.Profile
	for _, id := range ids {
		details, err := s.Details(id)
		if err != nil {
			return nil, err
		}
		path, err := details.profilePath()
		if err != nil {
			return nil, err
		}
		profile, err := flameOf(id, path)
		if err != nil {
			return nil, err
		}
		profiles = append(profiles, profile)
	}
	return flamePage(profiles)
}

// FileFlame is the flame page of the file that was named in that place, counted from 0.
func (s *Site) FileFlame(place int) (*flame.Page, error) {
	path, err := s.File(place)
	if err != nil {
		return nil, err
	}
	profile, err := flameOf(filepath.Base(path), path)
	if err != nil {
		return nil, err
	}
	return flamePage([]*flame.Profile{profile})
}

func flamePage(profiles []*flame.Profile) (*flame.Page, error) {
	page, err := flame.New("", profiles...)
	if err != nil {
		return nil, asBadInput(err)
	}
	return page, nil
}

func flameOf(name, path string) (*flame.Profile, error) {
	p, err := imports.Open(path)
	if err != nil {
		return nil, &BadProfile{err}
	}
	if p.Exact != nil {
		return flame.Exact(name, p.Exact), nil
	}
	return flame.Sampled(name, p.Sampled), nil
}

// profilePath is that of the samples, if the run was sampled, else of its exact profile. The error is a [NoRun].
func (d *RunDetails) profilePath() (string, error) {
	for _, path := range []string{d.Samples, d.Profile} {
		if path != "" {
			return path, nil
		}
	}
	return "", &NoRun{errors.New("run " + d.ID + " has no profile")}
}
