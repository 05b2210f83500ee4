package main

// logWords are the messages of the log in Vietnamese. Packages log in English;
// the logbook puts it into the operator's language.
var logWords = map[string]string{
	"started":                      "bắt đầu chạy",
	"stopped":                      "đã dừng",
	"a round":                      "một vòng",
	"the hour of a job":            "đến giờ chạy",
	"letters that wait their turn": "thư chờ đến lượt",
	"this round was not completed; the next one goes on":                                  "vòng này chưa làm xong; vòng sau làm tiếp",
	"rounds are completed again":                                                          "các vòng đã làm xong trở lại",
	"the new configuration is refused; the one before stays in force":                     "cấu hình mới không dùng được, vẫn chạy theo cấu hình cũ",
	"the new configuration is in force":                                                   "đã nhận cấu hình mới",
	"the configuration was read again: nothing has changed":                               "đã đọc lại cấu hình: không có gì thay đổi",
	"alarm_command failed; it is not run again for this":                                  "alarm_command chạy không xong; sự cố này không chạy lại",
	"a mail cannot be kept":                                                               "không lưu được một thư",
	"asking the ledger which messages are known":                                          "không hỏi được sổ xem thư nào đã có",
	"the servers are left alone for some minutes still":                                   "còn vài phút nữa mới thử lại các máy chủ",
	"answered by hand":                                                                    "đã có người trả lời tay",
	"a converted file defeated its reader":                                                "một tệp đã chuyển đổi làm hỏng phần đọc",
	"a file could not be converted":                                                       "một tệp không chuyển đổi được",
	"a letter could not be delivered yet":                                                 "một thư chưa chuyển được, sẽ gửi lại",
	"a letter is not shown in the folder for sent mail":                                   "một thư chưa chép được vào thư mục thư đã gửi",
	"a letter text of templates/ cannot be used; the built-in one was (see dondoc check)": "một mẫu thư trong templates/ không dùng được nên đã dùng mẫu có sẵn (xem dondoc check)",
	"the folder for sent mail cannot be read: letters wait for it no longer, though after the pause nobody knows what was sent in it":                              "không xem được thư mục thư đã gửi: thôi chờ, thư được gửi đi, dù không biết thư nào đã gửi trong lúc ngừng",
	"the ledger is older than the mailbox, as one that was restored from a backup: letters that were sent since were found among sent mail and are not sent again": "sổ cũ hơn hộp thư, như sổ khôi phục từ bản sao lưu: tìm thấy những thư đã gửi sau đó trong thư mục thư đã gửi, không gửi lại",
	"a letter that is owed was sent in a time that the ledger does not remember: a mail quotes it":                                                                 "một thư đến hạn gửi đã được gửi trong thời gian sổ không nhớ: có thư trích dẫn nó",
	"a letter was refused":       "một thư bị máy chủ từ chối",
	"a mail defeated its reader": "một thư làm hỏng phần đọc",
	"a marked workbook is too large to be sent back; the letter goes without it": "bảng đã đánh dấu lớn quá, thư gửi đi không kèm",
	"a message cannot be fetched":                                                    "một thư không tải được từ máy chủ",
	"a message in the folder for sent mail cannot be read":                           "một thư trong thư mục thư đã gửi không đọc được",
	"a workbook could not be marked; the letter goes without it":                     "một bảng không đánh dấu được, thư gửi đi không kèm",
	"it is not known whether a letter was delivered":                                 "chưa rõ một thư đã đến máy chủ hay chưa",
	"the campaign's own text of the draft could not be used; it is the built-in one": "mẫu dự thảo riêng của đợt không dùng được nên đã dùng mẫu có sẵn",
	"the mailbox has no folder for sent mail: letters are not shown there, and replies sent by hand are not noticed; name one in mailbox.sent, or write off": "hộp thư không có thư mục thư đã gửi: thư không được chép vào đó, thư tự tay trả lời không được nhận ra; ghi tên thư mục vào mailbox.sent, hoặc ghi off",
}

func init() {
	for _, w := range incidentWords {
		logWords[w.en], logWords[w.overEN] = w.vi, w.overVI
	}
}
