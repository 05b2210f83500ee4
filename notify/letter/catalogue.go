package letter

import "dondoc/config"

// The catalogue holds the words of the program's own checks, by code, or by
// code and severity where the two differ. How placeholders and brackets work
// is said at fill. Rules of a form bring their words with them; the entry ""
// is for a problem nobody gave words to.
//
// {tep} file · {bieu} table · {o} cell · {nhan} its label · {gia_tri} what
// stands there · {ky} period of the figures · {kem} the form is attached ·
// {bang} is there, and empty, if the file is a spreadsheet or nobody can tell ·
// {ma_hoa} likewise, if it is a mail under its reader's key.
var catalogue = map[string]config.Text{
	"": {
		VI: `[{bieu}, ô {o}: |]nội dung này cần xem lại (mã {ma_loi})[: “{gia_tri}”].`,
		EN: `[{bieu}, cell {o}: |]this needs another look (code {ma_loi})[: “{gia_tri}”].`,
	},

	// The file as a whole.
	"S01": {
		VI: `Tệp [“{tep}”|gửi kèm] không mở được (có thể bị hỏng hoặc gửi chưa trọn vẹn). Đề nghị mở lại tệp gốc, [{bang}chọn Lưu thành (Save As) dạng Excel (.xlsx),|lưu lại] và gửi lại.`,
		EN: `The [file “{tep}”|attached file] could not be opened (it may be damaged or incompletely sent). Please reopen the original, [{bang}use Save As to save it as Excel (.xlsx),|save it once more] and send it again.`,
	},
	"S02": {
		VI: `[{ma_hoa}Thư được mã hóa nên chưa đọc được. Đề nghị gửi lại thư không mã hóa; chữ ký số thì giữ được.|` +
			`{bang}Tệp “{tep}” đang được đặt mật khẩu nên không đọc được số liệu. Đề nghị bỏ mật khẩu và gửi lại; không gửi mật khẩu qua thư điện tử.|` +
			`Tệp “{tep}” đang được đặt mật khẩu nên không mở được. Đề nghị bỏ mật khẩu và gửi lại; không gửi mật khẩu qua thư điện tử.|` +
			`Tệp gửi kèm đang được đặt mật khẩu nên không đọc được số liệu. Đề nghị bỏ mật khẩu và gửi lại; không gửi mật khẩu qua thư điện tử.]`,
		EN: `[{ma_hoa}The message is encrypted and could not be read. Please send it again unencrypted; a digital signature may stay.|` +
			`{bang}The file “{tep}” is password-protected, so its figures cannot be read. Please remove the password and send it again; please do not send the password by e-mail.|` +
			`The file “{tep}” is password-protected, so it cannot be opened. Please remove the password and send it again; please do not send the password by e-mail.|` +
			`The attached file is password-protected, so its figures cannot be read. Please remove the password and send it again; please do not send the password by e-mail.]`,
	},
	"S03": {
		VI: `[{phu_luc}|Phụ lục số liệu] mới có bản [{loai}|quét hoặc PDF], chưa đọc được số. Đề nghị gửi thêm tệp Excel theo mẫu[{kem}]; bản đã gửi vẫn được lưu, không phải gửi lại.`,
		EN: `So far we have the [{phu_luc}|data annex] only as [{loai}|a scan or PDF], and its figures cannot be read. Please also send the Excel file based on the form[{kem}]; the copy you sent is kept and need not be sent again.`,
	},
	"S04": {
		VI: `[{phu_luc}|Phụ lục số liệu] nằm trong tệp Word[ “{tep}”][; số đọc được: {tom_tat}]. Nếu đúng, đề nghị trả lời thư này cho biết; hoặc nhập vào tệp Excel mẫu[{kem}].`,
		EN: `The [{phu_luc}|data annex] is inside the Word file[ “{tep}”][; the figures we read are: {tom_tat}]. If they are right, please say so in a reply to this message; otherwise please fill in the Excel form[{kem}].`,
	},
	"S05": {
		VI: `Đã đọc được tệp[ “{tep}”][ (định dạng {dinh_dang})]. Không phải gửi lại.`,
		EN: `The [file “{tep}”|attached file] was read[ (format {dinh_dang})]. There is no need to send it again.`,
	},
	"S06/W": {
		VI: `Tệp [“{tep}”|gửi kèm] có macro; hệ thống chỉ đọc số liệu, không chạy macro. Không phải gửi lại.`,
		EN: `The [file “{tep}”|attached file] contains macros; the system only reads the figures and does not run macros. There is no need to send it again.`,
	},
	"S06": {
		VI: `Tệp [“{tep}”|gửi kèm] có macro nên không mở được để bảo đảm an toàn thông tin. Đề nghị chọn Lưu thành (Save As), loại tệp .xlsx, và gửi lại.`,
		EN: `The [file “{tep}”|attached file] contains macros and was not opened, for information security. Please use Save As, choose the .xlsx type, and send it again.`,
	},
	"S07": {
		VI: `[{phu_luc}|Phụ lục] gửi kèm dùng mẫu của đợt khác[ ({phien_ban})]. Đề nghị nhập vào mẫu[ {ky}|của đợt này][{kem}].`,
		EN: `The attached [{phu_luc}|annex] uses the form of another campaign[ ({phien_ban})]. Please fill in the form of this campaign[{kem}].`,
	},
	"S08": {
		VI: `Tệp phụ lục gửi kèm ghi tên [{dv_mau}|đơn vị khác], còn thư được gửi từ địa chỉ của [{dv_gui}|đơn vị gửi]. Đề nghị cho biết số liệu này là của đơn vị nào; nếu đính kèm nhầm, đề nghị gửi lại đúng tệp.`,
		EN: `The attached annex names [{dv_mau}|another unit], while the message came from the address of [{dv_gui}|the sending unit]. Please tell us which unit these figures belong to; if the wrong file was attached, please send the right one.`,
	},
	"S09": {
		VI: `Tệp[ “{tep}”] không còn phần nhận dạng của mẫu; các ô được tìm theo mã số và nhãn.`,
		EN: `The [file “{tep}”|file] has lost the form's own identification; cells were found by their codes and labels.`,
	},
	"S10": {
		VI: `Trong tệp [“{tep}”|gửi kèm] chưa thấy [{bieu_thieu}|đủ các biểu của mẫu]. Đề nghị nhập vào mẫu[{kem}], giữ nguyên các biểu và cột “Mã số”.`,
		EN: `In the [file “{tep}”|attached file] we could not find [{bieu_thieu}|all tables of the form]. Please fill in the form[{kem}], keeping its tables and the “Mã số” column as they are.`,
	},
	"S11": {
		VI: `Tệp [“{tep}”|gửi kèm] có [{n}|nhiều] bảng cùng nội dung[ {bieu}][ ({ten_sheet})][; bảng “{goi_y}” có thể là bảng tổng hợp]. Đề nghị gửi 01 bảng tổng hợp chung của toàn cơ quan, đơn vị, địa phương.`,
		EN: `The [file “{tep}”|attached file] has [{n}|several] tables with the same content[ as {bieu}][ ({ten_sheet})][; “{goi_y}” may be the one that sums up the others]. Please send one combined table for the whole agency, unit or locality.`,
	},
	"S12": {
		VI: `[{bieu}: ]chưa thấy [dòng “{nhan}”|một dòng của mẫu][ (mã số {ma})]. Đề nghị bổ sung; không phát sinh thì ghi 0.`,
		EN: `[{bieu}: ]we could not find [the row “{nhan}”|a row of the form][ (code {ma})]. Please add it; if there is nothing to report, enter 0.`,
	},
	"S13": {
		VI: `[{bieu}: ]có dòng ngoài mẫu[ “{nhan}”][ với số liệu {gia_tri}]. Đề nghị phân bổ vào một trong các dòng của mẫu; nếu không phân bổ được, đề nghị giải trình ở cột Ghi chú.`,
		EN: `[{bieu}: ]there is a row outside the form[, “{nhan}”][, with the figure {gia_tri}]. Please assign it to one of the rows of the form; if that is not possible, please explain in the Notes column.`,
	},
	"S14": {
		VI: `[{bieu}: ][dòng “{nhan}”|một dòng] xuất hiện [{n}|nhiều] lần với số liệu khác nhau[ ({cac_gia_tri})]. Đề nghị giữ lại một dòng đúng.`,
		EN: `[{bieu}: ][the row “{nhan}”|a row] appears [{n}|several] times with different figures[ ({cac_gia_tri})]. Please keep the one correct row.`,
	},
	"S15": {
		VI: `Tệp phụ lục gửi kèm là mẫu trắng, có thể do đính kèm nhầm tệp. Đề nghị gửi lại; nếu [{ky}|trong kỳ] không phát sinh, đề nghị ghi 0 vào các ô.`,
		EN: `The attached annex is the blank form; perhaps the wrong file was attached. Please send it again; if there is nothing to report[ for {ky}], please enter 0 in the cells.`,
	},
	"S16": {
		VI: `Một số ô dùng phông chữ cũ[ ({phong})] đã được chuyển sang Unicode[, ví dụ: {vi_du}]. Nếu chưa đúng, đề nghị phản hồi.`,
		EN: `Some cells used an old font[ ({phong})] and were converted to Unicode[, for example: {vi_du}]. If this is not right, please let us know.`,
	},
	"S17": {
		VI: `[{bieu}, ]ô [{o}|tổng]: số được gõ đè lên công thức, kết quả vẫn đúng.`,
		EN: `[{bieu}, cell {o}: |A total: ]a number was typed over the formula; the result is right.`,
	},
	"S18": {
		VI: `[{bieu}, ]ô [{o}|nhập][ ({nhan})]: đang báo lỗi công thức[ {gia_tri}]. Đề nghị nhập trực tiếp số vào ô này.`,
		EN: `[{bieu}, ][cells{os}{o}|cell {o}|a cell][ ({nhan})]: shows [the formula error {gia_tri}|a formula error]. Please type the figure directly into this cell.`,
	},

	"P02": {
		VI: `Tệp [“{tep}”|gửi kèm] là bản quét, không có chữ[ ở {trang} trang], nên chưa đọc được nội dung.`,
		EN: `The [file “{tep}”|attached file] is a scan without text[ (pages: {trang})], so what it says was not read.`,
	},
	"P03": {
		VI: `Tệp [“{tep}”|gửi kèm] là mẫu chưa ghi nội dung nên chưa tính là [{mo_hinh}|bài giới thiệu], có thể do đính kèm nhầm tệp. Đề nghị gửi tệp đã ghi nội dung.`,
		EN: `The [file “{tep}”|attached file] is the blank form and does not yet count as a [{mo_hinh}|write-up]; perhaps the wrong file was attached. Please send the filled one.`,
	},
	"P01": {
		VI: `Tệp [“{tep}”|gửi kèm]: chương trình chưa tính được theo mẫu; lỗi ở phía tiếp nhận, cần người xem.`,
		EN: `The [file “{tep}”|attached file]: the program could not compute the form; the fault is on the receiving side, and a person has to look.`,
	},

	// The mail.
	"L01": {
		VI: `Thư chỉ có liên kết, chưa có tệp; hệ thống không mở liên kết. Đề nghị đính kèm tệp và trả lời thư này.`,
		EN: `The message contains only a link and no file; the system does not open links. Please attach the file and reply to this message.`,
	},
	"L02": {
		VI: `Tệp [“{tep}”|gửi kèm][ ({kich_thuoc})] chưa mở được. Đề nghị gửi các tệp rời (không nén) hoặc nén .zip[, mỗi thư không quá {gioi_han}].`,
		EN: `The [file “{tep}”|attached file][ ({kich_thuoc})] could not be opened. Please send the files separately (uncompressed) or as a .zip[, no more than {gioi_han} per message].`,
	},
	"L03": {
		VI: `Số liệu ghi trong nội dung thư chưa đưa vào tổng hợp được. Đề nghị nhập vào tệp Excel mẫu[{kem}].`,
		EN: `Figures written in the body of the message cannot be included in the consolidation. Please enter them in the Excel form[{kem}].`,
	},

	// One number cell.
	"N01/W": {
		VI: `[{mot}{bieu}, ô {o} ({nhan}): ô để trống, được hiểu là 0.|{mot}Ô {o}: ô để trống, được hiểu là 0.|{n} ô để trống được hiểu là 0: {danh_sach_o}. Nếu chưa đúng, đề nghị phản hồi.|Ô để trống được hiểu là 0. Nếu chưa đúng, đề nghị phản hồi.]`,
		EN: `[{mot}{bieu}, cell {o} ({nhan}): the blank cell was taken as 0.|{mot}Cell {o}: the blank cell was taken as 0.|{n} blank cells were taken as 0: {danh_sach_o}. If this is not right, please let us know.|Blank cells were taken as 0. If this is not right, please let us know.]`,
	},
	"N01": {
		VI: `[{bieu}, ][cột “{cot}”|một cột của biểu]: chưa có số liệu. Không phát sinh thì ghi 0 vào các ô.`,
		EN: `[{bieu}, ][column “{cot}”|one column of the table]: no figures yet. If there is nothing to report, please enter 0 in the cells.`,
	},
	"N02": {
		VI: `[{bieu}, ]ô [{o}|nhập][ ({nhan})]: [“{gia_tri}”|nội dung đang ghi] chưa phải là số. Đề nghị ghi số nguyên, ví dụ 5; không phát sinh ghi 0.`,
		EN: `[{bieu}, ][cells{os}{o}|cell {o}|a cell][ ({nhan})]: [“{gia_tri}”|what it holds] is not yet a number. Please enter a whole number, for example 5; if there is nothing to report, enter 0.`,
	},
	"N03": {
		VI: `[{bieu}, ]ô [{o}|nhập][ ({nhan})]: đang ghi số âm[ ({gia_tri})]. Đề nghị kiểm tra lại.`,
		EN: `[{bieu}, ][cells{os}{o}|cell {o}|a cell][ ({nhan})]: shows a negative number[ ({gia_tri})]. Please check it.`,
	},
	"N04": {
		VI: `[{bieu}, ]ô [{o}|nhập][ ({nhan})]: [{dem} ]phải là số nguyên[ (đang ghi {gia_tri})].`,
		EN: `[{bieu}, ][cells{os}{o}|cell {o}|a cell][ ({nhan})]: [{dem}|this] must be a whole number[ (it now shows {gia_tri})].`,
	},
	"N05": {
		VI: `[{bieu}, ]ô [{o}|nhập][ ({nhan})]: [“{gia_tri}”|số đang ghi] có thể hiểu [là {cach_1} hoặc {cach_2}|theo hai cách]. Đề nghị xác nhận và nhập lại không dùng dấu phân cách.`,
		EN: `[{bieu}, ][cells{os}{o}|cell {o}|a cell][ ({nhan})]: [“{gia_tri}”|the number] can be read [as {cach_1} or {cach_2}|in two ways]. Please confirm and enter it again without a separator.`,
	},
	"N06": {
		VI: `[{bieu}, ]ô [{o}|nhập][ ({nhan})]: đề nghị ghi số cụ thể[ thay cho “{gia_tri}”].`,
		EN: `[{bieu}, ][cells{os}{o}|cell {o}|a cell][ ({nhan})]: please enter an exact number[ instead of “{gia_tri}”].`,
	},
	"N07": {
		VI: `[{bieu}, ]ô [{o}|nhập][ ({nhan})]: một ô đang có nhiều số[ (“{gia_tri}”)]. Đề nghị tách ra, mỗi ô một số, đúng cột của biểu.`,
		EN: `[{bieu}, ][cells{os}{o}|cell {o}|a cell][ ({nhan})]: one cell holds several numbers[ (“{gia_tri}”)]. Please split them, one number a cell, in the right columns.`,
	},
	"N08": {
		VI: `[{bieu}, ]ô [{o}|nhập][ ({nhan})]: đề nghị ghi số lượng, không ghi tỷ lệ[ ({gia_tri})].`,
		EN: `[{bieu}, ][cells{os}{o}|cell {o}|a cell][ ({nhan})]: please enter a count, not a percentage[ ({gia_tri})].`,
	},
	"N09": {
		VI: `[{bieu}, ]ô [{o}|nhập][ ({nhan})]: [{gia_tri}|số đang ghi] cao hơn nhiều so với mức thường gặp. Đề nghị kiểm tra lại; nếu đúng, ghi lý do ở cột Ghi chú.`,
		EN: `[{bieu}, ][cells{os}{o}|cell {o}|a cell][ ({nhan})]: [{gia_tri}|the number] is much higher than the usual level. Please check it; if it is right, please give the reason in the Notes column.`,
	},
	"N10": {
		VI: `[{bieu}, ]ô [{o}|nhập][ ({nhan})]: Excel đã tự đổi thành ngày[ {gia_tri}] (thường do gõ 3/5). Đề nghị nhập lại số.`,
		EN: `[{bieu}, ][cells{os}{o}|cell {o}|a cell][ ({nhan})]: Excel has turned the entry into [the date {gia_tri}|a date] (usually after typing 3/5). Please enter the number again.`,
	},
	"N11": {
		VI: `[{mot}{bieu}, ô {o} ({nhan}): “{gia_tri}” được hiểu là {so}.|{mot}Ô {o}: “{gia_tri}” được hiểu là {so}.|{n} ô có chữ kèm số được hiểu như sau: {danh_sach}. Nếu chưa đúng, đề nghị phản hồi.|Một số ô có chữ kèm số; số đã được đọc. Nếu chưa đúng, đề nghị phản hồi.]`,
		EN: `[{mot}{bieu}, cell {o} ({nhan}): “{gia_tri}” was read as {so}.|{mot}Cell {o}: “{gia_tri}” was read as {so}.|{n} cells with text and a number were read as follows: {danh_sach}. If this is not right, please let us know.|Some cells hold text and a number; the number was read. If this is not right, please let us know.]`,
	},
	"N11/I": {
		VI: `[{bieu}, ]ô [{o}|nhập][ ({nhan})]: [“{gia_tri}”|cách viết khác] là một cách viết khác của số[ {so}].`,
		EN: `[{bieu}, ]cell[ {o}][ ({nhan})]: [“{gia_tri}”|this] is another way of writing [the number {so}|the number].`,
	},

	// Totals of the form that somebody typed over. {cong} is how the total is
	// made up, "Tập thể (42) + Cá nhân (17)".
	"C01": {
		VI: `[{bieu}, ]ô [{o}|tổng]: [Tổng số ghi {tong}|Tổng số chưa khớp][, {cong} = {dung}|, các cột cộng lại {dung}]. Đề nghị kiểm tra lại.`,
		EN: `[{bieu}, ]cell[ {o}]: [the total shows {tong}|the total does not match][, while {cong} = {dung}|, while the columns add up to {dung}]. Please check it.`,
	},
	"C02": {
		VI: `[{bieu}, ]ô [{o}|tổng][ (Tổng cộng, cột “{cot}”)]: [ghi {tong}|tổng cộng chưa khớp][, các dòng cộng lại {dung}]. Đề nghị kiểm tra lại.`,
		EN: `[{bieu}, ]cell[ {o}][ (grand total, column “{cot}”)]: [shows {tong}|the grand total does not match][, while the rows add up to {dung}]. Please check it.`,
	},
	"C09": {
		VI: `[{bieu}, ]ô [{o}|tỷ lệ]: tỷ lệ ghi[ {tong}] khác tỷ lệ tính lại[ {dung}]; dùng số tính lại.`,
		EN: `[{bieu}, ]cell[ {o}]: the rate given[, {tong},] differs from the rate computed[, {dung}]; the latter is used.`,
	},
	"C11": {
		VI: `Ô [{o}|ngày chốt][ ({nhan})]: [“{gia_tri}” là ngày chưa đến|ngày ghi là ngày chưa đến], tạm ghi ngày nhận[ {ngay}]. Nếu khác, đề nghị phản hồi.`,
		EN: `[Cell {o}|The closing date][ ({nhan})]: [“{gia_tri}” is a day to come|the day given is still to come], so the date of receipt[, {ngay},] is used for now. If it should differ, please let us know.`,
	},
	"C10": {
		VI: `[Tổng số {chi_tieu}|Một tổng số][ ({nay})] chênh [{pt}%|nhiều] so với năm trước[ ({truoc})]. Đề nghị kiểm tra lại hoặc giải trình.`,
		EN: `[The total of {chi_tieu}|A total][ ({nay})] differs [by {pt}%|much] from last year[ ({truoc})]. Please check it or explain.`,
	},

	// Models.
	"M01": {
		VI: `Đã nhận [{co}/{can} {mo_hinh_day_du}|{co}/{can}|chưa đủ số bài][; còn thiếu {thieu2}].`,
		EN: `Received [{co}/{can}|fewer than asked for][; {thieu2} still to come].`,
	},
	"M02": {
		VI: `Đã nhận [{co} {mo_hinh}|{co} bài giới thiệu|nhiều bài giới thiệu hơn số được giao][ (theo {van_ban}: {can})]. Đề nghị cho biết thứ tự ưu tiên.`,
		EN: `Received [{co}|more than asked for][ (the official letter asks for {can})]. Please tell us their order of priority.`,
	},
	"M03": {
		VI: `[{mo_hinh}|bài giới thiệu][ “{ten}”]: chưa thấy [nội dung “{muc}”|đủ nội dung].`,
		EN: `[{mo_hinh}|write-up][ “{ten}”]: [the content “{muc}”|some of the content] was not found.`,
	},
	"M04": {
		VI: `[{mo_hinh}|bài giới thiệu][ “{ten}”]: đề nghị bổ sung [{minh_chung}|căn cứ công nhận].`,
		EN: `[{mo_hinh}|write-up][ “{ten}”]: please add [{minh_chung}|the grounds of its recognition].`,
	},
	"M05": {
		VI: `[{mo_hinh}|bài giới thiệu][ “{ten}”]: lĩnh vực[ “{lv}”] chưa khớp các lĩnh vực của mẫu; đề nghị chọn lại.`,
		EN: `[{mo_hinh}|write-up][ “{ten}”]: the field[ “{lv}”] does not match one of the fields of the form; please choose again.`,
	},
	"M06": {
		VI: `Không giao số lượng[ {mo_hinh}]; có thì nhận.`,
		EN: `No number was asked for; what comes is accepted.`,
	},

	// The report in words. Most of these are for the desk alone: what a
	// machine thinks of signed prose is not sent back.
	"R01": {
		VI: `Chưa nhận được [{bao_cao}|báo cáo bằng chữ].`,
		EN: `We have not yet received the [{bao_cao}|report in words].`,
	},
	"R02": {
		VI: `Báo cáo chưa thấy nội dung[: {muc_thieu}| theo đề cương]. Đề nghị đối chiếu đề cương[ của {cong_van}].`,
		EN: `The report does not seem to contain[: {muc_thieu}| all that the outline asks for]. Please compare it with the outline[ of {cong_van}].`,
	},
	"R03": {
		VI: `Đã nhận bản Word. Đề nghị gửi thêm bản đã ký, đóng dấu (PDF) hoặc phát hành qua hệ thống văn bản điện tử.`,
		EN: `The Word copy has been received. Please also send the signed and stamped copy (PDF), or issue it through the electronic document system.`,
	},
	"R04": {
		VI: `[Trong báo cáo ghi {bc} {chi_tieu}, phụ lục ghi {pl}|Số liệu trong báo cáo khác phụ lục]. Đề nghị thống nhất số liệu.`,
		EN: `[The report gives {bc} {chi_tieu}, the annex gives {pl}|The report and the annex give different figures]. Please make the figures agree.`,
	},
	"R05": {
		VI: `Báo cáo ghi là dự thảo hoặc bản gửi trước[ (“{gia_tri}”)]; nhận như bản tạm, chờ bản ký.`,
		EN: `The report calls itself a draft or an advance copy[ (“{gia_tri}”)]; it is taken as provisional until the signed one comes.`,
	},
	"R06": {
		VI: `Đề nghị gửi lại tệp Excel [{phu_luc}|Phụ lục số liệu] đã sửa bằng cách trả lời thư này để cập nhật chính xác.`,
		EN: `Please send the corrected Excel [{phu_luc}|data annex] again by replying to this message, so that the figures can be updated accurately.`,
	},
	"R07": {
		VI: `Thư đã nhận có nội dung cần xử lý theo quy định riêng. Đề nghị liên hệ[ {dien_thoai}], không gửi lại qua thư điện tử.`,
		EN: `The message received contains content that must be handled under separate rules. Please [call {dien_thoai}|contact us] and do not send it again by e-mail.`,
	},
	"R08": {
		VI: `Báo cáo có vẻ thuộc chủ đề hoặc năm khác[ (“{gia_tri}”)]; cần người xem.`,
		EN: `The report seems to be about another subject or year[ (“{gia_tri}”)]; a person has to look at it.`,
	},
	"R09": {
		VI: `Báo cáo có vẻ của đơn vị cấp dưới hoặc gửi thay[ (“{gia_tri}”)]; cần người xem.`,
		EN: `The report seems to be a subordinate unit's, or sent on behalf[ (“{gia_tri}”)]; a person has to look at it.`,
	},

	// Filings compared.
	"D01": {
		VI: `Bản gửi lần [{n2}|sau], thay cho bản gửi [lúc {truoc}|trước].[ Thay đổi: {thay_doi}.]`,
		EN: `[Submission No. {n2}|A later submission], replacing the one sent [at {truoc}|before].[ Changes: {thay_doi}.]`,
	},
	"D02": {
		VI: `Tệp [“{tep}”|gửi kèm] có nội dung giống hệt một tệp đã nhận từ đơn vị khác. Đề nghị kiểm tra có đính kèm nhầm tệp không.`,
		EN: `The [file “{tep}”|attached file] has exactly the same content as a file already received from another unit. Please check whether the wrong file was attached.`,
	},
	"D03": {
		VI: `Hai đơn vị chung một báo cáo đều gửi số liệu[ (“{tep}”)]; chỉ tính một, cần người chọn.`,
		EN: `Two units that share one dossier both sent figures[ (“{tep}”)]; only one counts, and a person chooses.`,
	},
	"D04": {
		VI: `Báo cáo có nhiều bản (Word, PDF ký, bản quét)[: “{tep}”]; tính là một, giữ cả các bản.`,
		EN: `The report came in several copies (Word, signed PDF, scan)[: “{tep}”]; they count as one and all are kept.`,
	},
}
