// Package builtin is the first campaign, letter 624-CV/BDVTU, as the files
// that `dondoc init` writes. Only config reads it: nothing else in the program
// may know anything of one letter.
package builtin

import _ "embed"

// Campaign is campaign.yaml, every key commented.
//
//go:embed campaign.yaml
var Campaign []byte

// Units is the roster, in the columns of units.xlsx.
//
//go:embed units.csv
var Units []byte
