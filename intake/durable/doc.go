// Package durable makes names outlive a power failure, as File.Sync does for
// bytes: a file that was synced and renamed can be gone all the same while the
// directory that names it is in memory only.
package durable
