package attribution

// This file is what is true of every committee in Vietnam: provinces, the
// names of offices that exist at several levels, and how they are shortened.
// Nothing of one campaign or one roster belongs here.

// provinces before and after the mergers of 2025.
const provinces = `An Giang|Bà Rịa - Vũng Tàu|Bạc Liêu|Bắc Giang|Bắc Kạn|Bắc Ninh|Bến Tre|Bình Dương|Bình Định|Bình Phước|Bình Thuận|Cà Mau|Cao Bằng|Cần Thơ|Đà Nẵng|Đắk Lắk|Đắk Nông|Điện Biên|Đồng Nai|Đồng Tháp|Gia Lai|Hà Giang|Hà Nam|Hà Nội|Hà Tĩnh|Hải Dương|Hải Phòng|Hậu Giang|Hòa Bình|Huế|Thừa Thiên Huế|Hưng Yên|Khánh Hòa|Kiên Giang|Kon Tum|Lai Châu|Lạng Sơn|Lào Cai|Lâm Đồng|Long An|Nam Định|Nghệ An|Ninh Bình|Ninh Thuận|Phú Thọ|Phú Yên|Quảng Bình|Quảng Nam|Quảng Ngãi|Quảng Ninh|Quảng Trị|Sóc Trăng|Sơn La|Tây Ninh|Thái Bình|Thái Nguyên|Thanh Hóa|Tiền Giang|TP Hồ Chí Minh|Thành phố Hồ Chí Minh|TPHCM|Trà Vinh|Tuyên Quang|Vĩnh Long|Vĩnh Phúc|Yên Bái`

// namesakes are districts and communes whose names are one letter away from
// other districts': Mỹ Đức is in Hà Nội, Mộ Đức in Quảng Ngãi.
const namesakes = `Mỹ Đức|Đức Thọ|Đức Phú|Kỳ Sơn|Ninh Sơn|Vĩnh Long|Bình Long|Nghĩa Thành`

// levels are the words before a place, by the level of the territory; the
// heads are those of its party committee.
var levels = []struct{ words, heads []string }{
	{[]string{"huyện", "H"}, []string{"huyện ủy", "HU", "VPHU", "BDVHU"}},
	{[]string{"thị xã", "TX"}, []string{"thị ủy", "TXU", "ThU", "TU", "VPTXU", "BDVTXU"}},
	{[]string{"thành phố", "TP"}, []string{"thành ủy", "ThU", "TU", "VPThU", "BDVThU"}},
	{[]string{"quận", "Q"}, []string{"quận ủy", "QU"}},
	{[]string{"xã", "X"}, nil},
	{[]string{"phường", "P"}, nil},
	{[]string{"thị trấn", "TT"}, nil},
}

// shortened pairs a long form with its usual abbreviations; a name of the
// roster that has one side is also recognised with the other.
var shortened = []struct {
	long   string
	shorts []string
}{
	{"tỉnh ủy", []string{"TU"}},
	{"ban thường vụ", []string{"BTV"}},
	{"văn phòng", []string{"VP"}},
	{"ban dân vận", []string{"BDV"}},
	{"ban tổ chức", []string{"BTC"}},
	{"ban tuyên giáo", []string{"BTG"}},
	{"ban nội chính", []string{"BNC"}},
	{"ủy ban kiểm tra", []string{"UBKT"}},
	{"ban cán sự đảng", []string{"BCSĐ", "BCS đảng"}},
	{"đảng ủy khối", []string{"ĐUK"}},
	{"đảng ủy", []string{"ĐU"}},
	{"cơ quan và doanh nghiệp", []string{"CQ&DN", "CQDN", "CQ và DN"}},
	{"ủy ban nhân dân", []string{"UBND"}},
	{"hội đồng nhân dân", []string{"HĐND"}},
	{"đoàn đại biểu quốc hội", []string{"ĐĐBQH", "Đoàn ĐBQH"}},
	{"ủy ban mặt trận tổ quốc", []string{"UBMTTQ", "UBMT", "ủy ban MTTQ"}},
	{"mặt trận tổ quốc", []string{"MTTQ"}},
	{"liên đoàn lao động", []string{"LĐLĐ"}},
	{"hội liên hiệp phụ nữ", []string{"HLHPN", "HPN", "Hội LHPN", "Hội phụ nữ"}},
	{"hội cựu chiến binh", []string{"HCCB", "CCB", "Hội CCB"}},
	{"hội nông dân", []string{"HND", "Hội ND"}},
	{"đoàn thanh niên", []string{"ĐTN", "TĐTN"}},
	{"ban quản lý", []string{"BQL"}},
	{"khu kinh tế", []string{"KKT"}},
	{"khu công nghiệp", []string{"KCN"}},
	{"chỉ huy quân sự", []string{"CHQS"}},
	{"bộ đội biên phòng", []string{"BĐBP"}},
	{"công an", []string{"CA"}},
	{"tòa án nhân dân", []string{"TAND"}},
	{"viện kiểm sát nhân dân", []string{"VKSND", "Viện KSND"}},
	{"thi hành án dân sự", []string{"THADS"}},
	{"kho bạc nhà nước", []string{"KBNN"}},
	{"bảo hiểm xã hội", []string{"BHXH"}},
	{"ngân hàng nhà nước", []string{"NHNN"}},
	{"ngân hàng chính sách xã hội", []string{"NHCSXH"}},
	{"quản lý thị trường", []string{"QLTT"}},
	{"phát thanh và truyền hình", []string{"PTTH", "PT-TH"}},
	{"đại học", []string{"ĐH"}},
	{"hợp tác xã", []string{"HTX"}},
	{"nông nghiệp và phát triển nông thôn", []string{"NN&PTNT", "NNPTNT", "NN và PTNT"}},
	{"kế hoạch và đầu tư", []string{"KH&ĐT", "KHĐT", "KH và ĐT"}},
	{"khoa học và công nghệ", []string{"KH&CN", "KHCN", "KH và CN"}},
	{"giao thông vận tải", []string{"GTVT"}},
	{"tài nguyên và môi trường", []string{"TN&MT", "TNMT", "TN và MT"}},
	{"thông tin và truyền thông", []string{"TT&TT", "TTTT", "TT và TT"}},
	{"lao động thương binh và xã hội", []string{"LĐ-TB&XH", "LĐTB&XH", "LĐTBXH", "LĐ-TBXH", "LĐTB và XH"}},
	{"văn hóa thể thao và du lịch", []string{"VH-TT&DL", "VHTT&DL", "VHTTDL", "VH,TT&DL", "VHTT và DL"}},
	{"giáo dục và đào tạo", []string{"GD&ĐT", "GDĐT", "GD-ĐT", "GD và ĐT"}},
	{"sở tài chính", []string{"STC"}},
	{"sở công thương", []string{"SCT"}},
	{"sở nội vụ", []string{"SNV"}},
	{"sở ngoại vụ", []string{"SNgV"}},
	{"sở tư pháp", []string{"STP"}},
	{"sở xây dựng", []string{"SXD"}},
	{"sở y tế", []string{"SYT"}},
	{" và ", []string{""}},
}

// countable is what is also counted: "so xay dung" without marks may be "số
// xây dựng", the number built, which stands in every report.
var countable = []string{"xay dung", "lao dong", "ke hoach"}

// lowers are offices that exist below the level of the roster; a territory
// or a place named after one of them is theirs.
const lowers = `UBND|ủy ban nhân dân|HĐND|hội đồng nhân dân|MTTQ|UBMTTQ|UBMTTQVN|UBMT|mặt trận|mặt trận tổ quốc|công an|CA|quân sự|BCHQS|CHQS|biên phòng|hội nông dân|HND|hội phụ nữ|hội LHPN|HLHPN|HPN|LHPN|phụ nữ|hội cựu chiến binh|HCCB|CCB|hội CCB|cựu chiến binh|LĐLĐ|liên đoàn lao động|công đoàn|đoàn thanh niên|ĐTN|TĐTN|đoàn TNCS|đoàn|đồn biên phòng|huyện đoàn|thị đoàn|thành đoàn|xã đoàn|đoàn xã|đảng ủy|đảng ủy xã|đảng ủy phường|đảng bộ xã|chi bộ|chi đoàn|chi cục|chi nhánh|trung tâm|TTYT|trường|THPT|THCS|tiểu học|mầm non|bệnh viện|trạm|hạt kiểm lâm|đội|tòa án|TAND|viện kiểm sát|VKSND|VKS|thi hành án|THADS|kho bạc|KBNN|bảo hiểm xã hội|BHXH|ngân hàng|NHCSXH|PGD|phòng giao dịch|thuế|thống kê|thanh tra|ban tổ chức|BTC|ban tuyên giáo|BTG|ủy ban kiểm tra|UBKT|ban quản lý|BQL|ban nội chính|tổ dân phố|thôn|xã|phường|thị trấn|hợp tác xã|HTX|phòng nội vụ|phòng tài chính|phòng giáo dục|phòng GD|phòng GDĐT|phòng y tế|phòng lao động|phòng LĐTBXH|phòng LĐ|phòng văn hóa|phòng VH|phòng VHTT|phòng tư pháp|phòng nông nghiệp|phòng NN|phòng kinh tế|phòng tài nguyên|phòng TNMT|phòng dân tộc|phòng`

// before are syllables that make another word of the one after them.
var before = map[string][]string{
	"so":   {"co", "tru"},
	"bao":  {"thong", "nha", "canh", "du", "dong", "dien", "khai", "con", "chong", "mua"},
	"cuc":  {"chi", "tong"},
	"doan": {"lien", "cong"},
}

// notLower are everyday words in which one of lowers, or a name, only seems to
// stand.
const notLower = `đoàn kết|liên đoàn|tỉnh đoàn|đoàn thể|đoàn đại biểu|xã hội|thị xã|phòng chống|phòng, chống|văn phòng|quốc phòng|hải phòng|phong trào|tiên phong|phong tặng|phương thức|phương án|phương hướng|địa phương|phương pháp|hợp tác xã tỉnh|bộ đội|đội ngũ|đảng bộ tỉnh|hiện trường|môi trường|thị trường|trường hợp|thôn bản|nông thôn|xã hội hóa|tình đoàn kết|bản dân tộc thiểu số|bản dân tộc ít người|bản dân tộc Hrê|bản dân tộc Cor|bản dân tộc Co|bản dân tộc Ca Dong|bản dân tộc Xơ Đăng|bản dân tộc Kinh`

// mailWord is "thư" without its mark, which spells ThU as well.
const mailWord = "thu"

// companies: "Công ty CP Lọc hóa dầu Bình Sơn" is no sign of the district.
const companies = `công ty|cty|tập đoàn|nhà máy|doanh nghiệp tư nhân|DNTN|tổng công ty|lọc hóa dầu|lọc dầu`

// masses are associations that owe no committee a report.
const masses = `hội chữ thập đỏ|chữ thập đỏ|hội liên hiệp thanh niên|hội LHTN|LHTN|liên hiệp thanh niên|LH thanh niên|hội người cao tuổi|người cao tuổi|hội khuyến học|hội luật gia|hội nhà báo|hội người mù|hội đông y|hội cựu thanh niên xung phong|cựu TNXP|hội văn học nghệ thuật|hội VHNT|liên minh các tổ chức hữu nghị|liên hiệp các tổ chức hữu nghị|liên hiệp các hội khoa học|hội nạn nhân chất độc da cam|hội làm vườn|hội sinh viên|hội doanh nghiệp|hội doanh nhân|hội bảo trợ|hội từ thiện|giáo hội phật giáo|phật giáo`

// uppers stand over the name of an office in its letterhead: "TỈNH ỦY QUẢNG
// NGÃI" over "BAN TỔ CHỨC" is the Ban Tổ chức Tỉnh ủy.
const uppers = `tỉnh ủy|ủy ban nhân dân tỉnh|UBND tỉnh|đoàn đại biểu quốc hội và hội đồng nhân dân tỉnh|đoàn ĐBQH và HĐND tỉnh|hội đồng nhân dân tỉnh|HĐND tỉnh`

// shared are words that several levels or offices share; they count for a
// question when nothing else is found.
const shared = `văn phòng|VP|đảng ủy|ĐU|huyện ủy|HU|thị ủy|TXU|thành ủy|ThU|quận ủy|UBND tỉnh|ủy ban nhân dân tỉnh`

// surnames before a place make it a person: "Nguyễn Minh Long". Only those
// are taken without marks that mean nothing else then.
const surnames = `Nguyễn|Trần|Phạm|Huỳnh|Hoàng|Phan|Vũ|Võ|Đặng|Bùi|Đỗ|Hồ|Ngô|Dương|Lý|Lê|Đinh|Trịnh|Đoàn|Lâm|Mai|Trương|Cao|Tạ|Văn|Thị|đ/c|đồng chí|ông|bà|anh|chị|cô|chú`

// plainSurnames may be written without marks and still be surnames.
const plainSurnames = `nguyen|tran|pham|huynh|hoang|phan|bui|ngo|duong|trinh|dinh|truong|le`

// offices before a bare place show that it is a place, though not whose.
const offices = `ban dân vận|BDV|văn thư|văn phòng|VP|ban chỉ đạo|BCĐ|dân vận`

// receiving words stand before the one a mail is for, or that it speaks of.
const receiving = `gửi|kính gửi|gửi cho|gửi về|gửi đến|gửi tới|gởi|trình|thuộc|trực thuộc|phối hợp với|phối hợp|theo yêu cầu của|yêu cầu của|theo đề nghị của|đề nghị của|công văn của|văn bản của|kế hoạch của|ý kiến của|chỉ đạo của|hướng dẫn của|cùng với|theo|trả lời|phúc đáp|thực hiện công văn|căn cứ`

// notReceiving: here "gửi" stands before the one who sends.
const notReceiving = `người gửi|đơn vị gửi|nơi gửi|cơ quan gửi|bên gửi`

// leading are the words that may stand right before a territory or a bare
// place that sends: "báo cáo Sơn Tây", "phụ lục Mộ Đức". After any other word
// ("Điện lực Bình Sơn", "tại Bình Sơn") it is a question.
const leading = `bc|bcao|báo cáo|của|phụ lục|số liệu|mô hình|điển hình|năm|quý|file|tệp|scan|nộp|dân vận|khéo|đảng bộ|pl|sl|kq|kết quả|re|fw|fwd|mẫu|biểu mẫu|bảng biểu|bổ sung|đơn vị|bản sửa|h ủy`

// sending words stand after the one who reports.
const sending = `báo cáo|xin báo cáo|kính báo cáo|trân trọng báo cáo|xin gửi|kính gửi|gửi báo cáo|gửi kèm|gửi|nộp|tổng hợp`

// onBehalf words after a name in brackets: it sends for another.
const onBehalf = `gửi thay|gởi thay|gửi hộ|nộp thay|nộp hộ|gửi giúp`

// mistaken words: whatever is named, something is wrong with it.
const mistaken = `gửi nhầm|nhầm|gởi nhầm`
