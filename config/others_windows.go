package config

import (
	"os"
	"slices"
	"unsafe"

	"golang.org/x/sys/windows"
)

// OpenToOthers reports whether other users of this machine can read a file that
// is nobody's but ours: a key, a password. The mode that Go makes up for a file
// says nothing of it here; the list of access does, by the groups to which
// everybody belongs.
func OpenToOthers(path string) (bool, error) {
	if _, err := os.Stat(path); err != nil {
		return false, err
	}
	sd, err := windows.GetNamedSecurityInfo(path, windows.SE_FILE_OBJECT, windows.DACL_SECURITY_INFORMATION)
	if err != nil {
		return false, err
	}
	list, _, err := sd.DACL()
	if err != nil || list == nil {
		return true, err // without a list everybody may do everything
	}
	const reads = windows.FILE_READ_DATA | windows.GENERIC_READ | windows.GENERIC_ALL
	for i := range uint32(list.AceCount) {
		var ace *windows.ACCESS_ALLOWED_ACE
		if err := windows.GetAce(list, i, &ace); err != nil {
			return false, err
		}
		if ace.Header.AceType == windows.ACCESS_ALLOWED_ACE_TYPE && ace.Header.AceFlags&windows.INHERIT_ONLY_ACE == 0 && ace.Mask&reads != 0 && slices.Contains(everybody, sidOf(ace).String()) {
			return true, nil
		}
	}
	return false, nil
}

// everybody names the groups that hold more than those whom an owner means: all,
// who has logged in, who sits at the machine, who comes by the network, users,
// guests.
var everybody = []string{"S-1-1-0", "S-1-5-11", "S-1-5-4", "S-1-5-2", "S-1-5-32-545", "S-1-5-32-546"}

// CloseToOthers is the command by which its owner keeps a file to himself, the
// system and the administrators, whatever their names are in this Windows.
func CloseToOthers(path string) string {
	return `icacls "` + path + `" /inheritance:r /grant:r "%USERNAME%:F" *S-1-5-18:F *S-1-5-32-544:F`
}

func sidOf(ace *windows.ACCESS_ALLOWED_ACE) *windows.SID {
	return (*windows.SID)(unsafe.Pointer(&ace.SidStart))
}
