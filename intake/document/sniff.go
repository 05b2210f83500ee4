package document

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/gabriel-vasile/mimetype"
	"github.com/richardlehane/mscfb"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"dondoc/intake/finding"
)

// mediaTypes are those of the kinds that we recognise ourselves.
var mediaTypes = map[string]string{
	XLSX:      "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	XLSM:      "application/vnd.ms-excel.sheet.macroEnabled.12",
	XLSB:      "application/vnd.ms-excel.sheet.binary.macroEnabled.12",
	XLS:       "application/vnd.ms-excel",
	ODS:       "application/vnd.oasis.opendocument.spreadsheet",
	DOCX:      "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	DOC:       "application/msword",
	ODT:       "application/vnd.oasis.opendocument.text",
	PPTX:      "application/vnd.openxmlformats-officedocument.presentationml.presentation",
	RTF:       "application/rtf",
	PDF:       "application/pdf",
	ZIP:       "application/zip",
	RAR:       "application/vnd.rar",
	SevenZip:  "application/x-7z-compressed",
	TNEF:      "application/ms-tnef",
	MSG:       "application/vnd.ms-outlook",
	GZIP:      "application/gzip",
	TAR:       "application/x-tar",
	Sealed:    "application/pkcs7-mime",
	EML:       "message/rfc822",
	ICS:       "text/calendar",
	VCF:       "text/vcard",
	CSV:       "text/csv",
	Text:      "text/plain",
	HTML:      "text/html",
	Signature: "application/pkcs7-signature",
	Encrypted: "application/x-ole-storage",
	Unknown:   "application/octet-stream",
}

// meant is what the suffix of a name promises.
var meant = map[string]string{
	"xlsx": XLSX, "xlsm": XLSM, "xlsb": XLSB, "xls": XLS, "ods": ODS, "docx": DOCX, "docm": DOCX, "doc": DOC,
	"odt": ODT, "rtf": RTF, "pdf": PDF, "zip": ZIP, "rar": RAR, "7z": SevenZip, "pptx": PPTX,
	"gz": GZIP, "tgz": GZIP, "tar": TAR, "msg": MSG, "p7m": Sealed,
	"csv": CSV, "txt": Text, "html": HTML, "htm": HTML, "eml": EML, "ics": ICS, "vcf": VCF,
	"jpg": Image, "jpeg": Image, "png": Image, "gif": Image, "bmp": Image, "tif": Image, "tiff": Image,
}

func of(kind string) Document { return Document{Kind: kind, MediaType: mediaTypes[kind]} }

// damaged is a file that is not what it was meant to be.
func damaged(name string) Document {
	kind, ok := meant[suffix(name)]
	if !ok {
		kind = Unknown
	}
	d := of(kind)
	d.Problem = Damaged
	return d
}

// sniff looks at the content, at the inside of the two containers that office
// programs use before anything else, and last at what the general list of
// signatures says.
func sniff(name string, data []byte) Document {
	head := data[:min(len(data), 1024)]
	has := func(prefix string) bool { return bytes.HasPrefix(data, []byte(prefix)) }
	trimmed := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xEF\xBB\xBF")), " \t\r\n")
	switch {
	case len(bytes.Trim(head, "\x00")) == 0:
		return damaged(name)
	case has("PK\x03\x04"), has("PK\x05\x06"):
		return sniffZIP(name, data)
	case has("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"):
		return sniffOLE(name, data)
	case has("Rar!\x1A\x07"):
		return of(RAR)
	case has("7z\xBC\xAF\x27\x1C"):
		return of(SevenZip)
	case has("\x78\x9F\x3E\x22"):
		return of(TNEF)
	case has("\x1F\x8B\x08"):
		return of(GZIP)
	case len(data) > 262 && string(data[257:262]) == "ustar":
		return of(TAR)
	case sealed(head):
		return Document{Kind: Sealed, MediaType: mediaTypes[Sealed], Problem: Locked}
	case bytes.Contains(head, []byte("%PDF-")):
		if !bytes.Contains(data[max(0, len(data)-4096):], []byte("%%EOF")) && !bytes.Contains(data, []byte("%%EOF")) {
			return Document{Kind: PDF, MediaType: mediaTypes[PDF], Problem: Damaged}
		}
		return of(PDF)
	case bytes.HasPrefix(trimmed, []byte(`{\rtf`)):
		return of(RTF)
	case foldPrefix(trimmed, "begin:vcalendar"):
		return of(ICS)
	case foldPrefix(trimmed, "begin:vcard"):
		return of(VCF)
	case suffix(name) == "p7s", suffix(name) == "asc", suffix(name) == "sig":
		return of(Signature)
	}
	return sniffOther(name, data)
}

func foldPrefix(b []byte, prefix string) bool {
	return len(b) >= len(prefix) && strings.EqualFold(string(b[:len(prefix)]), prefix)
}

var headerLine = regexp.MustCompile(`(?mi)^(from|subject|date|received|message-id|mime-version|return-path): `)

// sniffOther is for pictures, text and all that is left.
func sniffOther(name string, data []byte) Document {
	m := mimetype.Detect(data)
	media, _, _ := strings.Cut(m.String(), ";")
	switch {
	case strings.HasPrefix(media, "image/"):
		return Document{Kind: Image, MediaType: media}
	case media == "text/html":
		return of(HTML)
	case m.Is("text/plain") || isA(m, "text/plain"):
		head := data[:min(len(data), 4096)]
		if n := len(headerLine.FindAll(head, 8)); n >= 3 || n >= 2 && suffix(name) == "eml" {
			return of(EML)
		}
		if suffix(name) == "csv" || media == "text/csv" {
			return of(CSV)
		}
		if media == "application/json" || strings.HasPrefix(media, "text/") {
			switch meant[suffix(name)] {
			case XLSX, XLSM, DOCX, PDF, ZIP, ODS: // a page of an error where a file was to be
				return damaged(name)
			}
		}
		return Document{Kind: Text, MediaType: media}
	}
	switch kind := meant[suffix(name)]; kind {
	case XLSX, XLSM, XLS, XLSB, ODS, DOCX, DOC, ODT, PDF, ZIP, RAR, SevenZip, GZIP, TAR, MSG, Sealed, RTF:
		return damaged(name)
	}
	return Document{Kind: Unknown, MediaType: media}
}

func isA(m *mimetype.MIME, media string) bool {
	for ; m != nil; m = m.Parent() {
		if m.Is(media) {
			return true
		}
	}
	return false
}

// maxTypes bounds [Content_Types].xml and the like, in bytes.
const maxTypes = 1 << 20

// sniffZIP tells office documents from other containers by the type of their
// main part, which no renaming changes.
func sniffZIP(name string, data []byte) Document {
	z, problem := openZIP(data)
	if problem != "" {
		d := damaged(name)
		if d.Kind == Unknown {
			d = of(ZIP)
		}
		d.Problem = problem
		return d
	}
	if types := zipFile(z, "[Content_Types].xml"); types != nil {
		text, err := readZIP(types, maxTypes)
		if err != nil {
			return damaged(name)
		}
		for _, t := range []struct{ mark, kind string }{
			{"ms-excel.sheet.binary.macroEnabled.main", XLSB},
			{"ms-excel.sheet.macroEnabled.main", XLSM},
			{"ms-excel.template.macroEnabled.main", XLSM},
			{"spreadsheetml.sheet.main", XLSX},
			{"spreadsheetml.template.main", XLSX},
			{"wordprocessingml.document.main", DOCX},
			{"wordprocessingml.template.main", DOCX},
			{"ms-word.document.macroEnabled.main", DOCX},
			{"presentationml.presentation.main", PPTX},
		} {
			if bytes.Contains(text, []byte(t.mark)) {
				return of(t.kind)
			}
		}
	}
	if f := zipFile(z, "mimetype"); f != nil {
		text, _ := readZIP(f, 256)
		switch media := strings.TrimSpace(string(text)); {
		case strings.HasPrefix(media, mediaTypes[ODS]):
			return of(ODS)
		case strings.HasPrefix(media, mediaTypes[ODT]):
			return of(ODT)
		}
	}
	switch kind := meant[suffix(name)]; kind {
	case XLSX, XLSM, DOCX: // a part is missing
		if zipFile(z, "xl/workbook.xml") == nil && zipFile(z, "word/document.xml") == nil {
			return damaged(name)
		}
		return of(kind)
	}
	// Without a list of types it is still what it holds, and no archive whose
	// insides somebody meant to send.
	for _, t := range []struct{ file, kind string }{
		{"xl/workbook.xml", XLSX}, {"xl/workbook.bin", XLSB}, {"word/document.xml", DOCX}, {"ppt/presentation.xml", PPTX},
	} {
		if zipFile(z, t.file) != nil {
			return of(t.kind)
		}
	}
	if zipFile(z, "Index/Document.iwa") != nil || zipFile(z, "Index.zip") != nil {
		// Numbers and Pages: nothing but Apple's programs reads them.
		return Document{Kind: Unknown, MediaType: "application/vnd.apple.iwork", Problem: Damaged}
	}
	return of(ZIP)
}

// maxEntries is the number of files beyond which a container is not even
// listed: the list alone would take more memory than there is.
const maxEntries = 10_000

// openZIP lists a container.
func openZIP(data []byte) (*zip.Reader, string) {
	if bytes.Count(data, []byte("PK\x01\x02")) > maxEntries {
		return nil, TooLarge
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, Damaged
	}
	return z, ""
}

// zipFile finds a file by its name, whatever its case.
func zipFile(z *zip.Reader, name string) *zip.File {
	for _, f := range z.File {
		if strings.EqualFold(f.Name, name) {
			return f
		}
	}
	return nil
}

// readZIP reads a file of a container, at most max bytes of it; more is an
// error.
func readZIP(f *zip.File, max int64) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, max+1))
	if err != nil {
		return nil, err
	}
	if int64(len(data)) > max {
		return nil, errTooLarge
	}
	return data, nil
}

// maxStreams bounds the directory of an OLE file.
const maxStreams = 5000

// sniffOLE looks at the streams of an OLE file [MS-CFB]: the old formats of
// Office, and the envelope of new ones under a password.
func sniffOLE(name string, data []byte) Document {
	r, err := mscfb.New(bytes.NewReader(data))
	if err != nil {
		return damaged(name)
	}
	kind := Unknown
	for range maxStreams {
		e, err := r.Next()
		if err != nil {
			break
		}
		if len(e.Path) > 0 {
			continue // of something embedded
		}
		// Names differ in case from program to program ([MS-CFB] §2.6.4 compares
		// them without).
		switch strings.ToLower(e.Name) {
		case "encryptedpackage":
			return Document{Kind: Encrypted, MediaType: mediaTypes[Encrypted], Problem: Locked}
		case "workbook", "book":
			kind = XLS
		case "__properties_version1.0":
			kind = MSG
		case "worddocument":
			kind = DOC
			var fib [12]byte
			if _, err := io.ReadFull(e, fib[:]); err == nil && binary.LittleEndian.Uint16(fib[10:])&0x0100 != 0 {
				return Document{Kind: DOC, MediaType: mediaTypes[DOC], Problem: Locked} // fEncrypted, [MS-DOC] §2.5.2
			}
		}
	}
	if kind == Unknown {
		return Document{Kind: Unknown, MediaType: "application/x-ole-storage"}
	}
	return of(kind)
}

// plainText reads a text file: UTF-8, UTF-16 with its mark, or windows-1258.
func plainText(data []byte) string {
	data = data[:min(len(data), MaxText)]
	var text string
	switch {
	case bytes.HasPrefix(data, []byte("\xFF\xFE")), bytes.HasPrefix(data, []byte("\xFE\xFF")):
		out, _ := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Bytes(data)
		text = string(out)
	case utf8.Valid(data[:max(0, len(data)-4)]):
		text = strings.ToValidUTF8(strings.TrimPrefix(string(data), "\uFEFF"), "")
	default:
		out, _ := charmap.Windows1258.NewDecoder().Bytes(data)
		text = string(out)
	}
	return bounded(finding.NFC(strings.ReplaceAll(text, "\r\n", "\n")), MaxText)
}

// bounded cuts s to at most n bytes, at a rune.
func bounded(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "")
}
