package schedule

import "dondoc/config"

// Why is the reason for which a letter is not owed.
type Why string

const (
	Inactive         Why = "inactive"
	Covered          Why = "covered"
	SharedDossier    Why = "shared_dossier"
	Closed           Why = "closed"
	Done             Why = "complete"
	HeldPart         Why = "held_part"
	AutoRemindOff    Why = "auto_remind_off"
	Paused           Why = "paused"
	Promised         Why = "promised"
	SaidSent         Why = "said_sent"
	HeldCandidate    Why = "held_candidate"
	Unreachable      Why = "unreachable"
	NotInvited       Why = "not_invited"
	NotDue           Why = "not_due"
	AlreadySent      Why = "already_sent"
	AwaitingApproval Why = "awaiting_approval"
	OnlyFixing       Why = "only_fixing"
	StepOff          Why = "step_off"
	Moved            Why = "moved"
	GaveSomething    Why = "gave_something"
	FixingTwice      Why = "fixing_twice"
	TooLate          Why = "too_late"
	OneADay          Why = "one_a_day"
	OutsideHours     Why = "outside_hours"
	JustHeard        Why = "just_heard"
)

// In is the reason as half a sentence, for `why` and previews.
func (w Why) In(lang string) string { return reasons[w].In(lang) }

var reasons = map[Why]config.Text{
	Inactive:         {VI: "đơn vị không thuộc đợt này", EN: "the unit does not take part"},
	Covered:          {VI: "đã có báo cáo chung của đơn vị cùng nhóm", EN: "the report of the unit it shares a dossier with counts for it"},
	SharedDossier:    {VI: "thư gửi theo tên đơn vị cùng nhóm báo cáo chung", EN: "letters go out in the name of the unit it shares a dossier with"},
	Closed:           {VI: "đợt báo cáo đã kết thúc", EN: "the campaign has closed"},
	Done:             {VI: "đơn vị không còn phần nào phải gửi", EN: "the unit has nothing left to send"},
	HeldPart:         {VI: "phần đã gửi đang chờ Phòng xem", EN: "what it sent waits for the desk"},
	AutoRemindOff:    {VI: "đơn vị không nhắc tự động, chỉ gọi điện", EN: "the unit is not reminded by mail, only by telephone"},
	Paused:           {VI: "đang tạm dừng nhắc", EN: "reminders are paused"},
	Promised:         {VI: "đơn vị đã hẹn ngày gửi", EN: "the unit has promised a day that is not over"},
	SaidSent:         {VI: `đơn vị đã trả lời "ĐÃ GỬI", Phòng chưa đối chiếu`, EN: "the unit says that it has sent, and the desk has not checked yet"},
	HeldCandidate:    {VI: "có thư chờ xử lý có thể là của đơn vị", EN: "an undecided mail may be the unit's"},
	Unreachable:      {VI: "không địa chỉ nào nhận được thư", EN: "none of its addresses can be reached"},
	NotInvited:       {VI: "chưa gửi thư giao mẫu", EN: "the invitation has not gone out"},
	NotDue:           {VI: "chưa đến bước nhắc nào", EN: "no step is due yet"},
	AlreadySent:      {VI: "bước này đã gửi", EN: "this step has been sent"},
	AwaitingApproval: {VI: "thư đôn đốc chờ duyệt", EN: "the letter awaits approval"},
	OnlyFixing:       {VI: "đã nhận đủ, chỉ còn ô cần sửa", EN: "everything has come, and there are only cells to fix"},
	StepOff:          {VI: "bước này đang tắt", EN: "this step is switched off"},
	Moved:            {VI: "bước này đến hạn trước khi mở lại hoặc lùi hạn, không gửi dồn", EN: "this step fell due before reminders resumed or the deadline moved, and is not made up for"},
	GaveSomething:    {VI: "bước này chỉ gửi nơi chưa gửi gì", EN: "this step is for units that have sent nothing"},
	FixingTwice:      {VI: "đã nhắc sửa số liệu đủ hai lần", EN: "it has been reminded twice of cells to fix"},
	TooLate:          {VI: "đã quá giờ gửi của bước này", EN: "the hour until which this step may go out has passed"},
	OneADay:          {VI: "hôm nay đã có một thư gửi đơn vị", EN: "it has had a letter today"},
	JustHeard:        {VI: "đơn vị vừa gửi thư trong 24 giờ qua", EN: "it has written within the last 24 hours"},
	OutsideHours:     {VI: "ngoài giờ gửi thư", EN: "it is outside sending hours"},
}
