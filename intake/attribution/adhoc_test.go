package attribution
import ("testing";"fmt";"strings")
func TestAdhoc(t *testing.T){
 for _, l := range strings.Split(adhoc,"\n") { f, s, ok := strings.Cut(l,"|"); if !ok {continue}
  g, sg := label(matcher().Find(s,f)); fmt.Printf("%-10s %-60s %s %s\n", f, s, g, sg) }
}
const adhoc = `subject|Chi cục Thuế khu vực Bình Sơn - Sơn Tịnh
subject|Hạt Kiểm lâm Ba Tơ
subject|BHXH huyện Sơn Hà
subject|BHXH Sơn Hà
subject|Điện lực Bình Sơn
subject|VNPT Bình Sơn báo cáo
subject|Viettel Quảng Ngãi báo cáo
subject|Ngân hàng Agribank Mộ Đức
subject|Báo cáo của Ban QLDA Bình Sơn
subject|Trường Chính trị tỉnh Quảng Ngãi
subject|Đảng bộ huyện Bình Sơn
subject|Khối Dân vận xã Sơn Hà
subject|BCĐ Dân vận khéo xã Ba Vì huyện Ba Tơ
subject|xã Tịnh Sơn huyện Sơn Tịnh
subject|thị trấn Sông Vệ, Tư Nghĩa
subject|Sở Nội vụ Quảng Nam
subject|Tỉnh ủy Quảng Ngãi
from_name|Tỉnh ủy Quảng Ngãi
from_name|UBND tỉnh Quảng Ngãi
from_name|Văn thư Sở Y tế
from_name|Văn thư HU Sơn Hà
from_name|Dân vận Sơn Hà
from_name|BDV Bình Sơn
from_name|Hà Sơn Tây
from_name|Phạm Thị Sơn Hà
from_name|hubinhson
from_name|Huyện ủy Bình Sơn - Trần Văn A
from_name|SYT Quảng Ngãi
from_name|vanthu stc
from_name|Phòng Dân vận - HU Mộ Đức
from_name|Mặt trận Ba Tơ
from_name|Hội Phụ nữ Sơn Tây
from_name|Công đoàn Viên chức tỉnh
subject|Công đoàn viên chức tỉnh báo cáo
subject|Đoàn Khối CQ&DN tỉnh
subject|Công an tỉnh phối hợp Huyện ủy Bình Sơn
subject|Mô hình Công an tỉnh
subject|BC mô hình của Huyện ủy Lý Sơn và Đồn Biên phòng Lý Sơn
subject|Đồn Biên phòng Lý Sơn
subject|Ban CHQS huyện Ba Tơ
subject|Ban Chỉ huy Quân sự huyện Ba Tơ
subject|Sở KH báo cáo
subject|Sở NN báo cáo
subject|Sở Du lịch báo cáo
subject|Ban Dân vận Tỉnh ủy Bình Định
subject|Huyện ủy Bình Sơn - tỉnh Quảng Ngãi
subject|Huyện ủy Bình Sơn (Ủy ban MTTQ huyện gửi thay)
subject|BC DVK của Huyện ủy Bình Sơn, thay cho bản của Huyện ủy Sơn Tịnh
subject|HU Sơn Tịnh, HU Sơn Hà
subject|Chuyển báo cáo của Huyện ủy Ba Tơ
subject|Fwd: BC của HU Ba Tơ
subject|VPTU chuyển báo cáo HU Ba Tơ
subject|Đảng ủy Khối CQ và DN tỉnh - bc
subject|Đảng ủy Bộ Chỉ huy Quân sự tỉnh
subject|Đảng ủy Bộ CHQS tỉnh
subject|Đảng ủy BCH BĐBP tỉnh
subject|Ban Chỉ huy BĐBP tỉnh
subject|Đảng ủy Công an huyện Sơn Hà
subject|Đảng ủy Cục Thuế tỉnh
subject|Chi bộ Sở Nội vụ
subject|Thanh tra Sở Xây dựng
subject|Thanh tra tỉnh
subject|Thanh tra huyện Bình Sơn
subject|Sở Tài nguyên
subject|Phòng Tài nguyên và Môi trường TP Quảng Ngãi
subject|TP Quảng Ngãi
cell|TP Quảng Ngãi
cell|Thành phố Quảng Ngãi
cell|Huyện Sơn Hà
cell|Huyện ủy Sơn Hà
cell|Đơn vị báo cáo: Huyện ủy Sơn Hà
cell|SỞ Y TẾ
cell|Ban Tuyên giáo
subject|bcao dvk tinh doan
subject|hoi nong dan tinh bc
subject|hoi cuu chien binh tinh
subject|lien doan lao dong tinh
subject|cong an tinh
subject|bo chi huy quan su tinh
subject|ban to chuc tinh uy
subject|ban noi chinh
subject|van phong tinh uy
subject|VP UBND
subject|VP HĐND
subject|truong dai hoc pham van dong
subject|dang uy khoi
subject|ban quan ly khu kinh te dung quat
subject|BQL KKT DQ
subject|dai ptth tinh
subject|cuc thue
subject|kho bac nha nuoc quang ngai
subject|so tu phap
subject|so noi vu
subject|so ke hoach va dau tu
subject|SO TAI CHINH BAO CAO
subject|so van hoa
subject|Sơ Y tế
subject|Sở Y té
subject|Sở Ytế
subject|Sở GD - ĐT
subject|Sở Lao động TBXH
subject|Sở LĐTB và XH
subject|S.TC
subject|S. Tài chính
filename|BC DVK 2022 (HU Binh Son) ban chinh thuc.signed.pdf
filename|Phu luc - Huyen Nghia Hanh.xlsx
filename|BC_DVK_TP_Quang_Ngai.docx
filename|bc_ba_to.docx
filename|BATO.xlsx
filename|HU_BATO.xlsx
filename|bieu mau to 3 ba to.xlsx
filename|sontinh_v2.xlsx
filename|SYT.xlsx
filename|tu_nghia.xlsx
filename|TUNGHIA.xlsx
filename|1. Cong an tinh.pdf
filename|S-TC_bao-cao.docx
filename|so luong mo hinh.xlsx
filename|so lieu xay dung mo hinh.xlsx
filename|cat anh.xlsx
filename|ptq.docx
filename|báo cáo thuế.xlsx
filename|minh long.jpg
filename|anh Minh Long.jpg
body|Kính gửi: Ban Dân vận Tỉnh ủy. Huyện ủy Sơn Hà gửi báo cáo.
body|Văn phòng Huyện ủy Sơn Hà\nĐịa chỉ: thị trấn Di Lăng, huyện Sơn Hà
body|Sở Y tế phối hợp với Sở Giáo dục và Đào tạo
body|Nguyễn Sơn Hà - Chuyên viên Văn phòng HU Mộ Đức
letterhead|ĐẢNG BỘ TỈNH QUẢNG NGÃI ĐẢNG CỘNG SẢN VIỆT NAM HUYỆN ỦY MỘ ĐỨC Mộ Đức, ngày 17 tháng 10 năm 2022
letterhead|UBND HUYỆN BÌNH SƠN\nPHÒNG NỘI VỤ
letterhead|ĐẢNG ỦY KHỐI CQ&DN TỈNH\nĐẢNG ỦY SỞ NỘI VỤ
letterhead|UBND TỈNH QUẢNG NGÃI CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM SỞ TÀI CHÍNH Độc lập - Tự do - Hạnh phúc
letterhead|BỘ CÔNG AN\nCÔNG AN TỈNH QUẢNG NGÃI
letterhead|UBMTTQ VIỆT NAM TỈNH QUẢNG NGÃI\nBAN THƯỜNG TRỰC
letterhead|UỶ BAN MẶT TRẬN TỔ QUỐC VIỆT NAM\nTỈNH QUẢNG NGÃI
letterhead|ỦY BAN NHÂN DÂN\nTỈNH QUẢNG NGÃI
letterhead|BỘ TƯ LỆNH QUÂN KHU 5\nBỘ CHQS TỈNH QUẢNG NGÃI
letterhead|TÒA ÁN NHÂN DÂN TỐI CAO\nTÒA ÁN NHÂN DÂN TỈNH QUẢNG NGÃI
letterhead|HUYỆN ĐOÀN BA TƠ
letterhead|ĐOÀN TNCS HỒ CHÍ MINH\nBCH TỈNH QUẢNG NGÃI
letterhead|HUYỆN ỦY TƯ NGHĨA\nĐẢNG ỦY XÃ NGHĨA LÂM
letterhead|HUYỆN ỦY SƠN HÀ\nBAN CHỈ ĐẠO PHONG TRÀO THI ĐUA\nDÂN VẬN KHÉO`
