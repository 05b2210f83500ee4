package message

import "dondoc/intake/finding"

func nfc(s string) string { return finding.NFC(s) }
