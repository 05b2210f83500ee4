package builtin
import ("testing";"bytes";"github.com/xuri/excelize/v2")
func TestZ(t *testing.T){ b,err:=Form(); if err!=nil{t.Fatal(err)}
 f,_:=excelize.OpenReader(bytes.NewReader(b))
 f.SetCellValue("Phụ lục số liệu","D11",3)
 f.SetCellValue("Phụ lục số liệu","D20",4)
 f.NewSheet("~")
 for _,r:=range []string{`TEXT(3,"0")`,`TEXT(SUM('Phụ lục số liệu'!D11:D13),"0")`,`TEXT(SUM('Phụ lục số liệu'!D20:D23),"0")`,`"a"&TEXT(SUM('Phụ lục số liệu'!D11:D13),"0")`,`TEXT(ABS(SUM('Phụ lục số liệu'!D11:D13)-SUM('Phụ lục số liệu'!D20:D23)),"0")`,
 `IF('Kiểm tra'!F8,"","x")`,`IF('Kiểm tra'!F8,"","x"&TEXT(3,"0"))`,`TEXT(ABS(3-4),"0")`,`ABS(3-4)`,`"x"&ABS(3-4)&"y"`, `3-4`,`SUM(3)-SUM(4)`,`IF(FALSE,"","x. y "&"z")`,
 `COUNTIFS('Kiểm tra'!C7:C20,"CẦN SỬA",'Kiểm tra'!E7:E20,"E")`,`COUNTIF('Kiểm tra'!C7:C20,"CẦN SỬA")`,`"a"&TEXT(28-COUNT('Phụ lục số liệu'!D11:D13,'Phụ lục số liệu'!D20:D23),"00")&"/28"`,`TEXT(2,"00")`,`COUNT('Phụ lục số liệu'!D11:D13)+1`} {
  f.SetCellFormula("~","A1",r)
  v,err:=f.CalcCellValue("~","A1"); t.Log(v,err,r)}
 fo,_:=f.GetCellFormula("Kiểm tra","D8"); t.Log(fo)
}
