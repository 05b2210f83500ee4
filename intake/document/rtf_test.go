package document

import (
	"fmt"
	"strings"
	"testing"
)

func TestTheTextOfRichText(t *testing.T) {
	const fonts = `{\fonttbl{\f0\fcharset0 Times New Roman;}{\f1\fcharset163 Arial;}{\f2\fcharset0{\*\panose 02}.VnTime;}}`
	for _, row := range []struct {
		sentence, rtf, text string
	}{
		{"paragraphs become lines", `{\rtf1\ansi a\par b\par}`, "a\nb\n"},
		{"a last paragraph needs no mark", `{\rtf1\ansi a\par b}`, "a\nb\n"},
		{"a byte is of the document's code page", `{\rtf1\ansi\ansicpg1258 M\'f4\'f2t}`, "Một\n"},
		{"or of its font's, within the group that asks for it", `{\rtf1\ansi` + fonts + `{\f1 Kh\'f4\'ecng} \f0\'e3}`, "Khống ã\n"},
		{"a character by its number is followed by what stands for it", `{\rtf1\ansi\uc1 B\u225?o c\u225 'o}`, "Báo cáo\n"},
		{"by two bytes if it says so, an escaped one is one byte", `{\rtf1\ansi\uc2 \u7897\'f4\'f2t{\uc0\u7897t}}`, "ộtột\n"},
		{"a number below zero is one above 32767", `{\rtf1\ansi\u-10179?\u-8704?}`, "\U0001F600\n"},
		{"what is no text is skipped: tables, pictures, settings nobody knows",
			`{\rtf1` + fonts + `{\colortbl;\red0;}{\info{\title Khong}}{\*\abc x{\b y}}{\pict\wmetafile8 0102}{\field{\*\fldinst PAGE}{\fldrslt 7}}\bin3 {}}a}`, "7a\n"},
		{"deleted and hidden text is not read", `{\rtf1 {\deleted cu}{\v an}moi}`, "moi\n"},
		{"special characters have words of their own", `{\rtf1 \ldblquote a\rdblquote\tab b\emdash c\~d\_e\-f\line g\{\}}`, "“a”\tb—c\u00a0d-ef\ng{}\n"},
		{"cells are parted by tabs, rows by lines", `{\rtf1 x\par\trowd\cellx100\cellx200\intbl a\par b\cell c\cell\row\intbl 1\cell 2\cell\row\pard y}`, "x\na b\tc\n1\t2\ny\n"},
		{"a note stands before the paragraph it interrupts", `{\rtf1 a{\footnote \pard ghi chu}b\par}`, "ghi chu\nab\n"},
		{"a number that the program put before an item is text", `{\rtf1 {\listtext\pard 1.\tab}Mot\par}`, "1.\tMot\n"},
		{"the old form of a text is not read beside the new", `{\rtf1 {\upr{cu}{\*\ud{moi}}}}`, "moi\n"},
		{"what follows the last group is none of it", "{\\rtf1 a}rac", "a\n"},
	} {
		d := Read("a.rtf", []byte(row.rtf))
		if d.Kind != RTF || d.Problem != "" || d.Text != row.text {
			t.Errorf("%s: %s %q, text %q, want %q", row.sentence, d.Kind, d.Problem, d.Text, row.text)
		}
	}
	d := Read("a.rtf", []byte(`{\rtf1{\stylesheet{\s0 Normal;}{\s1\b heading 1;}{\s2 Title;}}{\header dau trang}\pard\s2 Ten\par\pard\s1 I. Muc\par\pard\outlinelevel1 1. Hai\par\pard{\b dam}\par thuong\par`+
		`\trowd\trleft0\cellx1000\cellx5000\pard\intbl TT\cell So\cell\row\trowd\trleft0\cellx1000\cellx3000\cellx5000 1\cell 2\cell 3\cell\row}`))
	if d.Title != "Ten" || strings.Join(d.Headings, "|") != "I. Muc|1. Hai|dam" || fmt.Sprint(d.Margins) != "[dau trang]" {
		t.Errorf("title %q, headings %q, margins %q", d.Title, d.Headings, d.Margins)
	}
	if got := fmt.Sprintf("%q", d.Tables); got != `[[["TT" "So" ""] ["1" "2" "3"]]]` {
		t.Errorf("tables %s", got)
	}
}

func TestDamagedRichText(t *testing.T) {
	for _, row := range []struct{ sentence, rtf, problem string }{
		{"a file cut within a group is damage", `{\rtf1 bao cao{\b`, Damaged},
		{"groups without end are damage", `{\rtf1 ` + strings.Repeat("{", 100_000), Damaged},
		{"a file without a word is empty", `{\rtf1\ansi{\fonttbl{\f0 A;}}}`, Empty},
		{"bytes that are skipped may not lead out of the file", `{\rtf1 a\bin99999999 `, Damaged},
		{"nor backwards", `{\rtf1 a\bin-5 b}`, ""},
	} {
		if d := Read("a.rtf", []byte(row.rtf)); d.Problem != row.problem {
			t.Errorf("%s: %q, text %q", row.sentence, d.Problem, d.Text)
		}
	}
	if d := Read("a.rtf", []byte(`{\rtf1{\pict 0102}}`)); !d.Scan || d.Problem != "" {
		t.Errorf("a text of nothing but a picture: scan %v, problem %q", d.Scan, d.Problem)
	}
}

func FuzzRTF(f *testing.F) {
	f.Add([]byte(`{\rtf1\ansicpg1258{\fonttbl{\f0\fcharset163 .VnTime;}}{\stylesheet{\s1 heading 1;}}\s1\b B\'e1\u7897?{\footnote x}\par\trowd\cellx10\intbl a\cell\row{\header y}\bin2 ab\upr{\*\ud z}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		d := Document{Kind: RTF}
		d.readRTF(data)
		checkBounds(t, d)
	})
}
