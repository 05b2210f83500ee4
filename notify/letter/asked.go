package letter

import (
	"strings"

	"dondoc/intake/finding"
)

// asks reports whether a mail puts a question. Its class says "question" of
// everything that is nothing else, and to thank people for a question that
// they never put is worse than to say plainly that the mail is here.
func (v *view) asks(m *finding.Verdict) bool {
	_, asks := m.Said(finding.SaysAsks)
	return asks
}

// store is the name of the file store that the mails point at, if they brought
// no file; "" if they point at none.
func (v *view) store() string {
	for _, m := range v.f.Mails {
		text := strings.ToLower(m.Text)
		for _, s := range stores {
			if strings.Contains(text, s.address) {
				return s.name
			}
		}
	}
	return ""
}

// A bare "Zalo" is no link: it is how a unit says that it sent something.
var stores = []struct{ address, name string }{
	{"drive.google.com", "Google Drive"}, {"docs.google.com", "Google Drive"},
	{"onedrive.live.com", "OneDrive"}, {"1drv.ms", "OneDrive"}, {".sharepoint.com", "SharePoint"},
	{"dropbox.com", "Dropbox"}, {"zalo.me", "Zalo"}, {"zaloapp.com", "Zalo"}, {"fshare.vn", "Fshare"},
	{"mediafire.com", "MediaFire"}, {"wetransfer.com", "WeTransfer"}, {"we.tl/", "WeTransfer"},
	{"mega.nz", "MEGA"}, {"icloud.com", "iCloud"}, {"terabox.com", "TeraBox"},
}
