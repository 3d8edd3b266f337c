(* Numbers on standard input, the verdict on standard output: "verified" (status 0) or "refused" (status 1). *)
let read_all channel =
  let buffer = Buffer.create 65536 and chunk = Bytes.create 65536 in
  let rec next () =
    let count = input channel chunk 0 65536 in
    if count > 0 then (Buffer.add_subbytes buffer chunk 0 count; next ())
  in
  next ();
  Buffer.contents buffer

let () =
  let words = String.split_on_char ' ' (String.trim (read_all stdin)) in
  let numbers = List.map Big_int_Z.big_int_of_string (List.filter (fun word -> word <> "") words) in
  let accepted = Extracted.check_document numbers in
  print_endline (if accepted then "verified" else "refused");
  exit (if accepted then 0 else 1)
