package letter

type Digest struct{}
type Alarm struct{}
type digestView struct{}
type alarmView struct{}

func newDigest(*view) *digestView { return nil }
func newAlarm(*view) *alarmView   { return nil }
