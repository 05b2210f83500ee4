package main

import "github.com/alecthomas/kong"

// help is what --help says, in one language; cli.go names the keys.
func help(lang string) kong.Vars {
	vars := kong.Vars{}
	for key, text := range words {
		vars[key] = text[0]
		if lang == "en" {
			vars[key] = text[1]
		}
	}
	return vars
}

var words = map[string][2]string{
	"dondoc": {"Đôn đốc nhiều đơn vị gửi báo cáo qua thư điện tử: gửi mẫu, nhận, kiểm tra, trả lời, nhắc, tổng hợp.",
		"Asks many units for a report by e-mail and gets every one of them: sends the form, receives, checks, answers, reminds, consolidates."},

	"f_dir":     {"Thư mục của đợt báo cáo (mặc định: thư mục hiện tại).", "The campaign directory (default: the current one)."},
	"f_now":     {"Thời điểm để quyết định, thay cho giờ máy.", "The decision time, in place of the clock."},
	"f_json":    {"In JSON cho chương trình khác đọc.", "Print JSON, for other programs."},
	"f_lang":    {"Ngôn ngữ của thông báo (mặc định vi).", "Language of messages (default vi)."},
	"f_verbose": {"In thêm chi tiết.", "Say more."},
	"f_log":     {"Dạng của nhật ký (mặc định text; hoặc đặt DONDOC_LOG).", "Format of the log (default text; or set DONDOC_LOG)."},

	"c_demo":       {"Chạy thử cả đợt 3-26/10/2022 bằng thời gian ảo, trên máy này, rồi tự kiểm tra.", "Play the whole campaign of 3 to 26 October 2022 in virtual time on this machine, and check the result."},
	"c_init":       {"Tạo thư mục cho một đợt báo cáo.", "Make a campaign directory."},
	"c_check":      {"Kiểm tra cấu hình, danh sách và mẫu; không nối mạng.", "Check configuration, roster and form; offline."},
	"c_doctor":     {"Xem máy, hộp thư, máy chủ thư đã sẵn sàng chưa; không gửi thư, không sửa gì.", "Look whether machine, mailbox and mail server are ready; sends and changes nothing."},
	"c_login":      {"Đăng nhập hộp thư Google, Microsoft 365 bằng trình duyệt, thay cho mật khẩu (khóa oauth).", "Log in to a mailbox of Google or Microsoft 365 by a browser, in place of a password (the key oauth)."},
	"c_run":        {"Chạy thường trực: đọc hộp thư, trả lời, nhắc, gửi bản tin.", "The daemon: read the mailbox, answer, remind, send digests."},
	"c_once":       {"Chạy một vòng rồi thoát: đọc thư, xét, gửi ngay mọi thư đến hạn (không giãn theo smtp.pace).", "One round: fetch, judge, send all that is due at once (without smtp.pace)."},
	"c_ingest":     {"Xét thư lấy từ tệp .eml, mbox hoặc thư mục.", "Take mail from files, mboxes or directories."},
	"c_invite":     {"Xem trước hoặc xếp gửi thư giao mẫu.", "Preview or queue the invitations."},
	"c_remind":     {"Xem trước hoặc xếp gửi thư nhắc đến hạn.", "Preview or queue the reminders that are due."},
	"c_digest":     {"Xem trước hoặc xếp gửi bản tin cho Phòng.", "Preview or queue the digest for the desk."},
	"c_status":     {"Tình hình từng đơn vị, tại --now (cả thời điểm đã qua).", "Where each unit stands, at --now (also a past one)."},
	"c_letters":    {"Mọi thư đã xếp gửi và kết quả chuyển.", "Every letter and what became of it."},
	"c_why":        {"Mọi việc đã quyết định về một đơn vị, và căn cứ.", "Every decision about a unit, and what it rests on."},
	"c_held":       {"Thư đang chờ người xem.", "Mail that waits for a person."},
	"c_extend":     {"Lùi thời hạn đến hết một ngày.", "Extend the deadline to the end of a day."},
	"c_exempt":     {"Miễn một phần cho một đơn vị.", "Exempt a unit from a part."},
	"c_pause":      {"Tạm dừng nhắc.", "Pause reminders."},
	"c_resume":     {"Nhắc lại sau khi tạm dừng.", "Resume reminders."},
	"c_alias":      {"Ghi nhận thêm một địa chỉ thư của đơn vị.", "Register another address of a unit."},
	"c_approve":    {"Duyệt thư đôn đốc gửi lãnh đạo đơn vị, thư cảm ơn; hoặc soạn dự thảo công văn đôn đốc.", "Approve the letter to a unit's leaders, or thanks; or draft that letter for signing."},
	"c_undo":       {"Hoàn tác một quyết định.", "Undo a decision."},
	"c_received":   {"Ghi nhận một phần đã nhận ngoài hộp thư.", "Record a part that came outside the mailbox."},
	"c_note":       {"Ghi lại một cuộc trao đổi, có thể kèm ngày hẹn.", "Note what was said, perhaps with a promised date."},
	"c_export":     {"Xuất bảng tổng hợp số liệu (.xlsx) hoặc bản gom lời báo cáo của các đơn vị (.docx).", "Write the consolidated workbook (.xlsx), or what the units wrote in one document (.docx)."},
	"c_form":       {"Xem chương trình hiểu mẫu thế nào; kiểm tra một tệp đã điền.", "What the program understands of a form; check a filled one."},
	"c_backup":     {"Sao lưu cả đợt vào một thư mục, trong lúc chương trình vẫn chạy; chạy lại thì chỉ chép phần mới.", "Copy the campaign into a directory, while the program runs; done again, only what is new is copied."},
	"a_backup":     {"Thư mục để sao lưu vào, nằm ngoài thư mục của đợt.", "Where to; it has to lie outside the campaign's directory."},
	"c_verify":     {"Đối chiếu kho lưu với sổ, từng tệp, từng mục.", "Check archive against ledger, hash by hash."},
	"c_service":    {"Trên Windows: cài chương trình thành dịch vụ, cho chạy, dừng.", "On Windows: make the daemon a service, start and stop it."},
	"c_help":       {"Làm gì khi thư không về, không đi, đổi mật khẩu, chuyển máy, khôi phục…", "What to do when mail does not come or go, a password changed, a machine is new…"},
	"c_completion": {"In kịch bản để shell (bash, zsh, fish) tự điền lệnh, mã đơn vị, mã thư khi bấm Tab.", "Print a script by which a shell (bash, zsh, fish) completes commands, units and ids."},
	"c_version":    {"In phiên bản.", "Print the version."},

	"c_held_list":    {"Liệt kê.", "List it."},
	"c_held_show":    {"Xem một thư và các dấu hiệu.", "Show one mail and its evidence."},
	"c_held_assign":  {"Ghi thư cho một đơn vị; thư có tệp của nhiều đơn vị: cho từng đơn vị.", "Give the mail to a unit; one that holds files of several, to each of them."},
	"c_held_reject":  {"Gác thư lại, không tính.", "Set the mail aside."},
	"c_held_return":  {"Đề nghị đơn vị sửa nội dung đang chờ xem.", "Ask the unit to mend what waits for a person."},
	"c_held_done":    {"Đánh dấu thư đã xử lý xong.", "Mark the mail as dealt with."},
	"c_form_inspect": {"In các ô nhập, danh sách, luật của một mẫu trắng.", "Print inputs, lists and rules of a blank form."},
	"c_form_check":   {"In giá trị và vấn đề của một tệp đã điền.", "Print values and problems of a filled form."},

	"c_service_install": {"Cài dịch vụ cho thư mục của đợt: tự chạy khi bật máy, tự chạy lại khi hỏng.", "Install the service for the campaign directory: it starts with the machine, and again after a failure."},
	"c_service_remove":  {"Gỡ dịch vụ; thư mục của đợt còn nguyên.", "Remove the service; the campaign directory stays."},
	"c_service_start":   {"Cho dịch vụ chạy.", "Start the service."},
	"c_service_stop":    {"Dừng dịch vụ; thư đang gửi dở được gửi xong.", "Stop the service; the letter in hand is finished."},
	"c_service_reload":  {"Cho dịch vụ đọc lại cấu hình.", "Have the service read its configuration again."},
	"c_service_status":  {"Dịch vụ đang chạy hay đã dừng.", "Whether the service is running."},
	"o_service":         {"Tên dịch vụ, khi một máy chạy nhiều đợt (mặc định dondoc).", "Name of the service, where one machine runs several campaigns (default dondoc)."},

	"a_server": {"mailbox hoặc smtp, nếu hai nơi dùng hai tài khoản; để trống: mọi tài khoản cần đăng nhập.", "mailbox or smtp, where they are two accounts; none: every account that needs it."},
	"a_shell":  {"bash, zsh hoặc fish.", "bash, zsh or fish."},
	"a_topic":  {"Số hoặc tên của mục, hoặc tên một lệnh; để trống: liệt kê các mục.", "Number or name of a topic, or a command; none: list the topics."},
	"a_dir":    {"Thư mục.", "Directory."},
	"a_paths":  {"Tệp .eml, mbox hoặc thư mục.", "Files, mboxes or directories."},
	"a_unit":   {"Mã đơn vị.", "Code of the unit."},
	"a_units":  {"Mã một hay nhiều đơn vị.", "Code of the unit, or of several."},
	"a_id":     {"Mã thư, hoặc phần đầu của mã.", "Id of the mail, or its beginning."},
	"a_key":    {"escalate/ĐƠN-VỊ (nhắc lại được) và tệp công văn đã ký; escalate: mọi đơn vị đang chờ; thanks: thư cảm ơn.", "escalate/UNIT (may be repeated) and the file of the signed letter; escalate: all that wait; thanks."},
	"a_dec":    {"Mã quyết định.", "Id of the decision."},
	"a_date":   {"Ngày, ví dụ 2022-10-25.", "A day, 2022-10-25 say."},
	"a_part":   {"report, appendix hoặc model[:N].", "report, appendix or model[:N]."},
	"a_text":   {"Nội dung.", "Text."},
	"a_file":   {"Tệp.", "File."},
	"a_addr":   {"Địa chỉ thư.", "Address."},
	"a_out":    {"Tệp .xlsx hoặc .docx để ghi.", "The .xlsx or .docx to write."},
	"a_target": {"Mã đơn vị, rồi đến ngày nếu lệnh cần ngày.", "Code of the unit, then the date if the command needs one."},

	"o_since":     {"Nêu thay đổi của số liệu từ lúc đó: một ngày (2022-10-14), một thời điểm RFC 3339, hoặc một bản tin (2022-10-14-1600).", "Also what changed in the figures since then: a day (2022-10-14), a moment (RFC 3339), or a digest (2022-10-14-1600)."},
	"o_dry":       {"Chỉ xem trước, không ghi gì.", "Preview only; write nothing."},
	"o_out":       {"Ghi từng thư thành KEY.eml vào thư mục này.", "Write each letter as KEY.eml into this directory."},
	"o_yes":       {"Xác nhận, không hỏi lại.", "Confirm without asking."},
	"o_received":  {"Thời điểm nhận của mọi thư.", "Time of receipt of all mails."},
	"o_missing":   {"Chỉ đơn vị chưa đủ.", "Only units that are not complete."},
	"o_unit":      {"Chỉ một đơn vị.", "Only one unit."},
	"o_district":  {"Mọi đơn vị của địa bàn này (nhắc lại được).", "Every unit of this district (may be repeated)."},
	"o_all":       {"Mọi đơn vị.", "Every unit."},
	"o_reason":    {"Lý do, được ghi lại.", "Why; it is recorded."},
	"o_until":     {"Ngày cuối tạm dừng; hết ngày đó tự nhắc lại.", "The last day of the pause; it ends by itself then."},
	"o_answer":    {"Trả lời tự động trở lại địa chỉ đã bị tạm dừng (all: mọi địa chỉ).", "Answer an address again that was taken for a machine (all: every address)."},
	"o_cause":     {"Nguyên nhân: thien-tai.", "Cause: thien-tai (natural disaster)."},
	"o_refuse":    {"Không lùi; đơn vị được trả lời là thời hạn giữ nguyên.", "Do not; the unit is told that the deadline stays."},
	"o_sref":      {"Số, ký hiệu văn bản đã ký, ví dụ 661-CV/BDVTU.", "Number of the signed document, such as 661-CV/BDVTU."},
	"o_sdate":     {"Ngày văn bản đã ký.", "Date of the signed document."},
	"o_sby":       {"Đề nghị gửi trước ngày này.", "The day before which the letter asks."},
	"o_draft":     {"Soạn dự thảo công văn vào tệp .docx này (nhiều đơn vị: vào thư mục này), không duyệt gì.", "Write a draft of the letter into this .docx (of several, into this directory); approve nothing."},
	"o_via":       {"Kênh: lien-thong, giay, zalo, dien-thoai.", "Channel: lien-thong, giay, zalo, dien-thoai."},
	"o_ref":       {"Số, ký hiệu văn bản.", "Number of the document."},
	"o_rdate":     {"Ngày nhận.", "The day it came."},
	"o_promise":   {"Ngày đơn vị hẹn gửi.", "The day the unit promised."},
	"o_receipt":   {"Chứng minh một thư đã nhận: mã tiếp nhận 5 chữ và số, hoặc mã thư.", "Prove the receipt of one mail: by its receipt number of five letters and digits, or its id."},
	"o_repair":    {"Ghi lại những tệp của ho-so bị mất hoặc bị sửa; lấy lại tệp mất khỏi kho lưu từ thư gốc, thư mất từ hộp thư.", "Put back files of ho-so that are gone or changed; get what is gone from the archive out of its mail, and mails out of the mailbox."},
	"o_functions": {"Liệt kê hàm dùng trong mẫu.", "List the functions used."},

	"o_browser": {"Dùng trình duyệt trên máy này (hoặc dán lại địa chỉ), thay cho mã nhập trên điện thoại.", "By a browser on this machine (or its address pasted back), not by a code typed elsewhere."},

	"o_patience": {"Chờ mỗi máy chủ bao lâu (mặc định 20s).", "How long to wait for each server (default 20s)."},

	"o_demo_dir":      {"Để lại kết quả ở thư mục này.", "Leave the result in this directory."},
	"o_demo_units":    {"Số đơn vị; trên 70 thì thêm đơn vị giả định.", "Number of units; above 70, invented ones are added."},
	"o_demo_seed":     {"Số khởi tạo: cùng số thì cùng diễn biến.", "Seed: the same seed plays the same campaign."},
	"o_demo_from":     {"Ngày đầu.", "First day."},
	"o_demo_to":       {"Ngày cuối.", "Last day."},
	"o_demo_outage":   {"Khoảng máy ngừng chạy, A..B (RFC3339 hoặc ngày); ghi được nhiều lần.", "A time in which the machine is off, A..B (RFC3339 or days); may be given several times."},
	"o_demo_restarts": {"Số lần chương trình dừng rồi chạy lại, vào những lúc bất kỳ.", "How often the program is stopped and started again, at random times."},
}
