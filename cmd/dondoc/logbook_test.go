package main

import (
	"bytes"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"log/slog"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func TestTheLogIsDiscreet(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ sentence, text, want string }{
		{"an address keeps its ends", "gửi vanthu@hubinhson.quangngai.example", "gửi v…u@hubinhson…"},
		{"a short one its domain alone", "<abc@x.example>", "<…@x…>"},
		{"several", "a1234@b.example,c1234@d.example", "a…4@b…,c…4@d…"},
		{"a quoted name", `"nguyen van a"@x.example`, "n…a@x…"},
		{"letters of any script", "văn.thư@hộp.example", "v…ư@hộp…"},
		{"an address of numbers", "ai.do@[192.0.2.1]", "a…o@…"},
		{"a URL", "imaps://tiepnhan%40bdv.example@mail.example:993", "imaps://t…e@mail…:993"},
		{"a line end", "một\r\nlevel=ERROR hai", "một··level=ERROR hai"},
		{"an order to a terminal", "\x1b]0;x\x07\u009b31m", "·]0;x··31m"},
		{"what turns the direction", "a\u202eb\u2028c", "a·b·c"},
		{"bytes that are no text", "a\xffb", "a?b"},
		{"no address", "8 @ 9, a@ b", "8 @ 9, a@ b"},
	} {
		if got := discreet(c.text); got != c.want {
			t.Errorf("%s: %q, want %q", c.sentence, got, c.want)
		}
	}
	for _, asJSON := range []bool{false, true} {
		var out bytes.Buffer
		log := newLog(&out, asJSON, slog.LevelInfo, "vi").With("who", "vanthu@a.example").WithGroup("g")
		log.Info("a round\x1b", "err", errors.New("NO\r\nlevel=ERROR vanthu@b.example"), "to", []string{"vanthu@c.example"}, slog.Group("in", "x", []byte("vanthu@d.example\u202e")), "n", 3)
		if text := out.String(); strings.Contains(text, "example") || strings.Count(text, "\n") != 1 || strings.ContainsAny(text, "\x1b\r\u202e") || !strings.Contains(text, "v…u@d…") {
			t.Errorf("JSON %v: %q", asJSON, text)
		}
	}
}

// TestTheLogSpeaksVietnamese: each message that any package logs has its words.
func TestTheLogSpeaksVietnamese(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, dir := range []string{".", "../../intake", "../../notify"} {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
			if err != nil {
				return err
			}
			ast.Inspect(file, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok || len(call.Args) == 0 {
					return true
				}
				method, ok := call.Fun.(*ast.SelectorExpr)
				if !ok || !slices.Contains([]string{"Debug", "Info", "Warn", "Error"}, method.Sel.Name) {
					return true
				}
				if on, ok := method.X.(*ast.SelectorExpr); !ok || !strings.EqualFold(on.Sel.Name, "log") {
					return true
				}
				if text, ok := call.Args[0].(*ast.BasicLit); ok {
					said, _ := strconv.Unquote(text.Value)
					seen[said] = true
					if logWords[said] == "" {
						t.Errorf("%s logs %q, which logWords does not have", path, said)
					}
				}
				return true
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(seen) < 20 {
		t.Errorf("%d messages found: this test looks in the wrong place", len(seen))
	}
}
