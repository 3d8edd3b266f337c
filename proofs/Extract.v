(** The native checker: extracted from the code that [native_sound] is about. Trusted here: extraction, OCaml, zarith, and that
    no count passes 2^62 ([nat] becomes the machine's integers; what is read is below 2^24). *)
From Coq Require Import Extraction ExtrOcamlBasic ExtrOcamlNatInt ExtrOcamlZBigInt.
From OneHalf Require Import Instances.
Extraction "build/extracted.ml" check_document.
