package config

import (
	"os"
	"regexp"
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

// oursAndSecret are the names that campaigns give such variables by custom: one
// may be set that this campaign does not use.
var oursAndSecret = regexp.MustCompile(`^DONDOC_.*(PASSWORD|TOKEN|SECRET)`)

func environ(without []string) []string {
	return slices.DeleteFunc(os.Environ(), func(line string) bool {
		name, _, _ := strings.Cut(line, "=")
		return slices.Contains(without, name) || oursAndSecret.MatchString(name)
	})
}
