package builtin
import ("testing";"bytes";"time";"github.com/xuri/excelize/v2")
func TestZ(t *testing.T){ b,err:=Form(); if err!=nil{t.Fatal(err)}
 f,_:=excelize.OpenReader(bytes.NewReader(b))
 f.SetCellValue("Phụ lục số liệu","D11",3)
 f.SetCellValue("Phụ lục số liệu","D20",4)
 f.SetCellValue("Phụ lục số liệu","K20","x")
 f.NewSheet("~")
 for i,r:=range []string{"'Phụ lục số liệu'!D14","'Kiểm tra'!F8","'Kiểm tra'!D8","'Phụ lục số liệu'!E14","_meta!B17","'Kiểm tra'!J10","'Phụ lục số liệu'!D12"}{
  c,_:=excelize.CoordinatesToCellName(1,i+1)
  f.SetCellFormula("~",c,"TYPE("+r+")")
 }
 for i:=range 7 { c,_:=excelize.CoordinatesToCellName(1,i+1); v,err:=f.CalcCellValue("~",c); t.Log(v,err)}
 for _,p:=range [][2]string{{"Phụ lục số liệu","D14"},{"Kiểm tra","F8"},{"Kiểm tra","D8"},{"Kiểm tra","F10"},{"Kiểm tra","A4"}} { v,err:=f.CalcCellValue(p[0],p[1],excelize.Options{RawCellValue:true}); t.Log(v,err)}
 st:=time.Now()
 n:=0
 for _,s:=range f.GetSheetList(){ rows,_:=f.GetRows(s); for r:=range rows { for c:=range 12 { cell,_:=excelize.CoordinatesToCellName(c+1,r+1); fo,_:=f.GetCellFormula(s,cell); if fo!=""{ f.CalcCellValue(s,cell,excelize.Options{RawCellValue:true});n++}}}}
 t.Log(n,time.Since(st))
}
