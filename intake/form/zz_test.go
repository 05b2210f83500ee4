package form
import ("testing";"os";"dondoc/config/builtin";"dondoc/intake/workbook";"syscall";"fmt";"time")
func cpu() time.Duration { var r syscall.Rusage; syscall.Getrusage(0,&r); return time.Duration(r.Utime.Nano()+r.Stime.Nano()) }
func TestZZ(t *testing.T){
 blank,_:=builtin.Form(); f,err:=Compile(blank); if err!=nil{t.Fatal(err)}
 for _,k:=range []string{"xlsx","xls","ods","csv","html"} {
 data,_:=os.ReadFile("/tmp/wb/fill/f."+k)
 a:=cpu(); for range 200 { workbook.Open(data) }; b:=cpu(); for range 100 { f.Check(data,Options{}) }; c:=cpu()
 fmt.Printf("%s open %.2f ms check %.2f ms (cpu)\n",k,(b-a).Seconds()*1000/200,(c-b).Seconds()*1000/100)
 }
 for _,k:=range []string{"xlsx","xls","ods","csv","html","xml"} {
 data,_:=os.ReadFile("/tmp/wb/big."+k)
 a:=cpu(); for range 5 { workbook.Open(data) }; b:=cpu(); for range 5 { f.Check(data,Options{}) }; c:=cpu()
 fmt.Printf("big %s open %.2f ms check %.2f ms (cpu)\n",k,(b-a).Seconds()*1000/5,(c-b).Seconds()*1000/5)
 }
}
