package main

import (
	"os"
	"path/filepath"
	"testing"

	"dondoc/config"
)

// The account of a service follows from its name; that of TrustedInstaller is
// the same on every Windows, and known.
func TestServiceSID(t *testing.T) {
	if got, want := serviceSID("TrustedInstaller"), "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// What admit closes is closed, what it opens stays as it was for the others.
func TestAdmit(t *testing.T) {
	dir := t.TempDir()
	exe, secret := filepath.Join(dir, "dondoc.exe"), filepath.Join(dir, "mat-khau.txt")
	for _, file := range []string{exe, secret} {
		if err := os.WriteFile(file, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := admit(serviceSID("dondoc"), dir, exe, []string{secret}); err != nil {
		t.Fatal(err)
	}
	if open, err := config.OpenToOthers(secret); open || err != nil {
		t.Errorf("the password is open to others: %v %v", open, err)
	}
	key := filepath.Join(dir, "data", "key")
	if err := os.WriteFile(key, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if open, err := config.OpenToOthers(key); open || err != nil {
		t.Errorf("the key is open to others: %v %v", open, err)
	}
}
