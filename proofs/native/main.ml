(* Numbers on standard input, the verdict on standard output: "verified" (status 0) or "refused" (status 1). *)
let read_all channel =
  let buffer = Buffer.create 65536 in
  (try
     while true do
       Buffer.add_channel buffer channel 1
     done
   with End_of_file -> ());
  Buffer.contents buffer

let () =
  let words = String.split_on_char ' ' (String.trim (read_all stdin)) in
  let numbers = List.map Big_int_Z.big_int_of_string (List.filter (fun word -> word <> "") words) in
  let accepted = Extracted.check_document numbers in
  print_endline (if accepted then "verified" else "refused");
  exit (if accepted then 0 else 1)
