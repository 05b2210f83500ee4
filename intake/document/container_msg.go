package document

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strconv"
	"strings"

	"github.com/richardlehane/mscfb"
)

// The names of the parts of a mail that Outlook has saved ([MS-OXMSG] §2.2).
const (
	msgStream     = "__substg1.0_"
	msgAttachment = "__attach_version1.0_#"
	msgProperties = "__properties_version1.0"
)

// msg takes the files out of a mail that Outlook has saved as a file, those
// of mails within it included, and reads what they say ([MS-OXMSG]).
func (u *Unpacking) msg(m Member, add func(Member) bool) string {
	r, err := mscfb.New(bytes.NewReader(m.Data))
	if err != nil {
		return Damaged
	}
	// A mail, each attachment and each mail within one is a folder.
	folders := map[string]properties{}
	var order []string
	for entries := 0; ; entries++ {
		e, err := r.Next()
		if err != nil {
			break
		}
		if entries >= maxEntries || len(e.Path) > 3*u.lim.Depth+1 {
			return TooLarge
		}
		at := strings.Join(e.Path, "/")
		if folders[at] == nil {
			folders[at] = properties{}
			order = append(order, at)
		}
		if e.FileInfo().IsDir() {
			continue
		}
		switch {
		case e.Name == msgProperties:
			data, problem := u.take(e, e.Size, e.Size)
			if problem != "" {
				return problem
			}
			folders[at].fixed(data, at)
		case strings.HasPrefix(e.Name, msgStream):
			tag, err := strconv.ParseUint(strings.TrimPrefix(e.Name, msgStream), 16, 32)
			if err != nil {
				continue // one of several values of a property
			}
			switch kind := uint16(tag); kind {
			case mapiUnicode, mapiString8, mapiBinary:
				data, problem := u.take(e, e.Size, e.Size)
				if problem != "" {
					return problem
				}
				folders[at][uint16(tag>>16)] = property{kind, data}
			}
		}
	}
	slices.Sort(order) // attachments are numbered
	mail := &msgReader{u: u, m: m, folders: folders, order: order, add: add}
	mail.read("", "")
	return ""
}

// fixed reads the properties that are no streams of their own ([MS-OXMSG]
// §2.4): they follow a head that is longer for a mail than for an attachment.
func (p properties) fixed(data []byte, at string) {
	head := 8
	switch {
	case at == "":
		head = 32
	case strings.HasSuffix(at, msgStream+"3701000D"):
		head = 24
	}
	for data = data[min(head, len(data)):]; len(data) >= 16; data = data[16:] {
		if tag := binary.LittleEndian.Uint32(data); uint16(tag) == mapiLong {
			p[uint16(tag>>16)] = property{mapiLong, data[8:12]}
		}
	}
}

// msgReader hands over the files of a mail and of those within it.
type msgReader struct {
	u       *Unpacking
	m       Member
	folders map[string]properties
	order   []string
	add     func(Member) bool
	full    bool
}

// read reads the mail in the folder at, whose files stand under path.
func (r *msgReader) read(at, path string) {
	message := r.folders[at]
	page := message.number(mapiInternetPage)
	if p := message.number(mapiMessagePage); p != 0 && page == 0 {
		page = p
	}
	said := message.letter(page)
	said.Path = r.m.Path + strings.TrimSuffix("/"+path, "/")
	r.u.Letters = append(r.u.Letters, said)
	prefix := msgAttachment
	if at != "" {
		prefix = at + "/" + msgAttachment
	}
	for _, folder := range r.order {
		number, ok := strings.CutPrefix(folder, prefix)
		if !ok || strings.Contains(number, "/") || r.full {
			continue
		}
		file := r.folders[folder]
		name := file.attachmentName(page)
		if within := folder + "/" + msgStream + "3701000D"; r.folders[within] != nil {
			if r.folders[within][mapiSubject].data == nil && r.folders[within][mapiBody].data == nil && file.number(mapiAttachMethod) == 6 {
				continue // a drawing of another program within the text
			}
			if name == "" {
				name = memberName(r.folders[within].text(mapiSubject, page))
			}
			if suffix(name) != "msg" {
				name += ".msg"
			}
			r.read(within, path+name+"/")
			continue
		}
		if name == "" {
			name = "tep"
		}
		r.full = !r.add(Member{Name: name, Path: path + name, Data: file[mapiAttachData].data})
	}
}
