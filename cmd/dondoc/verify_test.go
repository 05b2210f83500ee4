package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
	"testing"

	"dondoc/intake"
)

// TestEveryDamageHasWords: the codes are declared in intake and in its ledger,
// the words here; a code without words would be said as an empty line.
func TestEveryDamageHasWords(t *testing.T) {
	prefixes := []string{"fact_", "facts_", "bytes_", "mail_", "letter_", "delivery_"}
	codes := 0
	for _, file := range []string{"../../intake/verify.go", "../../intake/ledger/chain.go"} {
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok || len(spec.Values) != 1 {
				return true
			}
			value, ok := spec.Values[0].(*ast.BasicLit)
			if !ok || value.Kind != token.STRING {
				return true
			}
			code := strings.Trim(value.Value, `"`)
			for _, p := range prefixes {
				if strings.HasPrefix(code, p) {
					codes++
					if damageWords[code][0] == "" || damageWords[code][1] == "" {
						t.Errorf("%s has no words in both languages", code)
					}
				}
			}
			return true
		})
	}
	if codes != len(damageWords) {
		t.Errorf("%d codes, %d with words", codes, len(damageWords))
	}
	for _, lang := range []string{"vi", "en"} {
		o := &office{Program: &Program{cli: &cli{}}}
		o.cli.Lang = lang
		for code := range damageWords {
			d := intake.Damage{What: "delivery", ID: "receipt/A", Unit: "HU-BATO", Code: code, Address: "a@x.example", Recorded: "accepted", Found: "waiting"}
			if got := o.damaged(d) + ": " + o.damage(d); strings.ContainsAny(got, "{}") || !strings.Contains(got, "receipt/A (HU-BATO)") {
				t.Errorf("%s in %s: %s", code, lang, got)
			}
		}
	}
}
