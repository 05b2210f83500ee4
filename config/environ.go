package config

import (
	"os"
	"slices"
	"strings"
)

// Environ is the environment for programs that the operator has us run: ours
// without the passwords and tokens in it. Each gets what it is told, no more.
func (c *Campaign) Environ() []string { return environ(c.secretVars()) }

// secretVars are the environment variables that hold a secret.
func (c *Campaign) secretVars() []string {
	return []string{c.Mailbox.PasswordEnv, c.SMTP.PasswordEnv, c.Mailbox.TokenEnv, c.SMTP.TokenEnv, c.OAuth.SecretEnv}
}

func environ(without []string) []string {
	return slices.DeleteFunc(os.Environ(), func(line string) bool {
		name, _, _ := strings.Cut(line, "=")
		return slices.Contains(without, name)
	})
}
